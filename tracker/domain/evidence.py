"""How well a dated rule is known. The letter stands in the data, its plain meaning on the screen."""

from collections.abc import Mapping
from enum import StrEnum


class Tag(StrEnum):
    """The evidence for one row (domain.md, evidence tags)."""

    PUBLISHED = "S"
    SECONDARY = "C"
    MEMORY = "M"
    WORKED_OUT = "X"
    PROPOSAL = "G"


TAG_WORDS: Mapping[str, str] = {
    Tag.PUBLISHED: "đọc trong nguồn đã công bố",
    Tag.SECONDARY: "theo nguồn thứ cấp, chưa đọc văn bản gốc",
    Tag.MEMORY: "ghi theo trí nhớ, chưa kiểm chứng",
    Tag.WORKED_OUT: "tính toán hoặc đo được",
    Tag.PROPOSAL: "đề xuất, không phải quy định",
}
