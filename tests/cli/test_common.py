from pathlib import Path

import pytest

from vidaudit.cli.common import report_context


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("centerface", "centerface"),
        ("onnx:/home/x/heads.onnx#head=0", "onnx:heads.onnx#head=0"),
        ("onnx:C:\\Users\\x\\heads.onnx", "onnx:heads.onnx"),
        ("yunet:model.onnx", "yunet:model.onnx"),
        (Path("/home/x/花名册.xlsx"), "花名册.xlsx"),
        ("D:\\花名册.xlsx", "花名册.xlsx"),
    ],
)
def test_options_name_files_and_never_places(given: object, told: str) -> None:
    assert report_context("zh", {"option": given, "unset": None}).options == {"lang": "zh", "option": told}
