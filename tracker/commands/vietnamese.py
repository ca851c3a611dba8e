"""What the command line says by itself, in Vietnamese: help, usage and refusals of the library behind it.

The library asks gettext for each of its own sentences and ships none in Vietnamese; which language gettext then
takes depends on the machine. So its modules are given these sentences directly, whatever the machine's language.
"""

import click
from click import core, decorators, exceptions, formatting, parser, termui, types

WORDS = {
    "Usage:": "Cách dùng:",
    "Options": "Tùy chọn",
    "Positional arguments": "Tham số",
    "Commands": "Lệnh",
    "Show this message and exit.": "Hiện hướng dẫn này rồi thoát.",
    "required": "bắt buộc",
    "default: {default}": "mặc định: {default}",
    "env var: {var}": "biến môi trường: {var}",
    "(dynamic)": "(tính khi chạy)",
    "Aborted!": "Đã dừng theo yêu cầu.",
    "Error: {message}": "Lỗi: {message}",
    "Try '{command} {option}' for help.": "Xem hướng dẫn: {command} {option}",
    "Missing command.": "Chưa nêu lệnh.",
    "Missing argument": "Thiếu tham số",
    "Missing option": "Thiếu tùy chọn",
    "Missing parameter": "Thiếu tham số",
    "Missing {param_type}": "Thiếu {param_type}",
    "Missing parameter: {param_name}": "Thiếu tham số: {param_name}",
    "No such option {name!r}.": "Không có tùy chọn “{name}”.",
    "No such command {name!r}.": "Không có lệnh “{name}”.",
    "Did you mean {possibility}?": "Có phải đồng chí muốn dùng: {possibility}?",
    "(Did you mean one of: {possibilities}?)": "Có phải đồng chí muốn dùng một trong: {possibilities}?",
    "Got unexpected extra argument ({args})": "Thừa tham số ({args})",
    "Got unexpected extra arguments ({args})": "Thừa tham số ({args})",
    "Invalid value: {message}": "Giá trị chưa đúng: {message}",
    "Invalid value for {param_hint}: {message}": "Giá trị của {param_hint} chưa đúng: {message}",
    "Invalid start character for option ({option})": "Tùy chọn viết chưa đúng ({option})",
    "Argument {name!r} takes {nargs} values.": "Tham số {name} cần {nargs} giá trị.",
    "Takes {nargs} values but 1 was given.": "Cần {nargs} giá trị, mới có {len}.",
    "Takes {nargs} values but {len} were given.": "Cần {nargs} giá trị, mới có {len}.",
    "Value must be an iterable.": "Giá trị phải là một danh sách.",
    "Option {name!r} does not take a value.": "Tùy chọn {name} không nhận giá trị.",
    "Option {name!r} requires an argument.": "Tùy chọn {name} cần có giá trị đi sau.",
    "Option {name!r} requires {nargs} arguments.": "Tùy chọn {name} cần có {nargs} giá trị đi sau.",
    "{len_type} values are required, but {len_value} was given.": "Cần {len_type} giá trị, mới có {len_value}.",
    "{len_type} values are required, but {len_value} were given.": "Cần {len_type} giá trị, mới có {len_value}.",
    "Choose from:\n\t{choices}": "Chọn một trong: {choices}",
    "Choice({choices})": "Chọn ({choices})",
    "{value!r} is not {choice}.": "“{value}” không phải {choice}.",
    "{value!r} is not one of {choices}.": "“{value}” không có trong các lựa chọn {choices}.",
    "{value!r} does not match the format {format}.": "“{value}” không đúng dạng {format}.",
    "{value!r} does not match the formats {formats}.": "“{value}” không đúng dạng nào trong {formats}.",
    "{value!r} is not a valid UUID.": "“{value}” không phải mã UUID.",
    "{value!r} is not a valid {number_type}.": "“{value}” không phải là số hợp lệ.",
    "{value} is not in the range {range}.": "{value} nằm ngoài khoảng {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "“{value}” không phải có hoặc không: {states}",
    "file": "Tệp",
    "directory": "Thư mục",
    "path": "Đường dẫn",
    "{name} {filename!r} does not exist.": "{name} “{filename}” không có.",
    "{name} {filename!r} is a file.": "{name} “{filename}” là một tệp.",
    "{name} {filename!r} is a directory.": "{name} “{filename}” là một thư mục.",
    "{name} {filename!r} is not readable.": "{name} “{filename}” không đọc được.",
    "{name} {filename!r} is not writable.": "{name} “{filename}” không ghi được.",
    "{name} {filename!r} is not executable.": "{name} “{filename}” không chạy được.",
    "Could not open file {filename!r}: {message}": "Không mở được tệp “{filename}”: {message}",
    "unknown error": "lỗi chưa rõ",
    "deprecated": "sắp bỏ",
    "Repeat for confirmation": "Gõ lại để xác nhận",
    "Error: The two entered values do not match.": "Hai lần gõ chưa giống nhau.",
    "Error: invalid input": "Gõ chưa đúng.",
    "Do you want to continue?": "Làm tiếp?",
    "Confirm the action without prompting.": "Làm ngay, không hỏi lại.",
    "Press any key to continue...": "Bấm một phím để làm tiếp...",
    "Show the version and exit.": "Hiện phiên bản rồi thoát.",
    "%(prog)s, version %(version)s": "%(prog)s, phiên bản %(version)s",
}
"""The library's sentences, and what is said instead; one not listed here is said as it is."""

NAMES = {
    "text": "CHỮ",
    "integer": "SỐ",
    "integer range": "SỐ",
    "file": "TỆP",
    "directory": "THƯ_MỤC",
    "datetime": "NGÀY",
    "TIME": "LÚC",
    "DATE": "NGÀY",
    "QUARTER": "QUÝ",
    "choice": "",
}
"""How the value after an option is called, by the kind of value; a choice shows what there is to choose from."""

ARGUMENTS = {
    "kind": "LOẠI",
    "file": "TỆP",
    "text": "NỘI_DUNG",
    "username": "TÊN_ĐĂNG_NHẬP",
    "queues": "HÀNG_ĐỢI",
}
"""How an argument is called, by its name in the code."""


def _one(sentence: str) -> str:
    return WORDS.get(sentence, sentence)


def _many(singular: str, plural: str, count: int) -> str:
    """Return the sentence for one or many: Vietnamese words don't change with the number."""
    return WORDS.get(singular if count == 1 else plural, WORDS.get(singular, plural))


def speak() -> None:
    """Give the library its Vietnamese sentences; safe to call again."""
    for module in (core, decorators, exceptions, formatting, parser, termui, types):
        for name, said in (("_", _one), ("ngettext", _many)):
            if hasattr(module, name):
                setattr(module, name, said)


def name_in_vietnamese(command: click.Command) -> click.Command:
    """Return the command with the names of its values in Vietnamese, and those of the commands below it."""
    command.options_metavar = "[TÙY CHỌN]"
    for parameter in command.params:
        known = ARGUMENTS if isinstance(parameter, click.Argument) else NAMES
        key = parameter.name if isinstance(parameter, click.Argument) else parameter.type.name
        parameter.metavar = parameter.metavar or known.get(key or "") or None
    if isinstance(command, click.Group):
        command.subcommand_metavar = "LỆNH [THAM SỐ]..."
        for below in command.commands.values():
            name_in_vietnamese(below)
    return command
