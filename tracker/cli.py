"""The console script: one line on stderr and 1 for a refusal, 2 for wrong usage, never a traceback."""

import logging
import os
import sys
import traceback
from importlib import import_module

import click
from click.exceptions import NoArgsIsHelpError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from tracker.commands.vietnamese import name_in_vietnamese, speak
from tracker.domain.errors import Invalid, TrackerError
from tracker.settings import Settings

COMMANDS = {
    "up": "running",
    "web": "running",
    "worker": "running",
    "schedule": "running",
    "prepare": "running",
    "db": "database",
    "demo": "demo",
    "import": "transfer",
    "export": "transfer",
    "route": "route",
    "deadline": "deadline",
    "escalate": "escalate",
    "report": "report",
    "audit": "audit",
    "backup": "backup",
    "restore": "backup",
    "drill": "backup",
    "doctor": "doctor",
    "user": "user",
}
"""Command → module of ``tracker.commands``; loaded when asked for, so that starting takes no second."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tracker.commands.{COMMANDS[cmd_name]}")
        found: click.Command = getattr(module, f"{cmd_name}_command")
        return name_in_vietnamese(found)


speak()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def tracker() -> None:
    """Bám cơ sở: theo ý kiến từ sinh hoạt chi bộ đến nơi phải giải quyết, và đưa câu trả lời về chi bộ."""


name_in_vietnamese(tracker)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with its status."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run the command line; return its exit status. Every failure becomes one line on stderr."""
    try:
        status = tracker.main(arguments, prog_name="tracker", standalone_mode=False)
        sys.stdout.flush()
    except NoArgsIsHelpError as error:
        where = error.ctx.command_path
        return _fail(f"Sai cách dùng: chưa nêu lệnh hay tham số nào (xem: {where} --help)", 2)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "tracker"
        return _fail(f"Sai cách dùng: {error.format_message()} (xem: {where} --help)", 2)
    except click.ClickException as error:
        return _fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        return _fail("Đã dừng theo yêu cầu.", 130)
    except Invalid as error:
        return _fail(" ".join([error.sentence, *error.fields.values()]))
    except TrackerError as error:
        return _fail(error.sentence)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:  # whatever it is, a person gets one line, and the log the rest
        return _fail(_told(error))
    return status if isinstance(status, int) else 0


def _fail(sentence: str, status: int = 1) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)
    return status


def _told(error: Exception) -> str:
    """Return one line for an error nobody foresaw; its traceback goes to the data folder's log."""
    kept = _keep_traceback()
    if isinstance(error, SQLAlchemyError):
        return f"Cơ sở dữ liệu không dùng được: hãy chạy “tracker db upgrade”, rồi “tracker doctor”.{kept}"
    if isinstance(error, RedisError):
        return f"Hàng đợi công việc không trả lời: hãy chạy “tracker doctor”.{kept}"
    if isinstance(error, OSError):
        return f"Không đọc hoặc ghi được {error.filename or ''}: {error.strerror or error}."
    return f"Lỗi ngoài dự kiến ({type(error).__name__}).{kept}"


def _keep_traceback() -> str:
    try:
        log = Settings.from_environment().folder.logs / "errors.log"
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(traceback.format_exc() + "\n")
    except (OSError, Invalid):
        return ""
    return f" Chi tiết ở {log}."
