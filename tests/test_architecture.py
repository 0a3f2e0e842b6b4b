"""The house: who may import whom, which heavy library lives where, and that importing stays cheap."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import vidaudit

PACKAGE = Path(vidaudit.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# part -> parts it may import, besides itself and the foundations
FOUNDATIONS = {"errors", ""}
MAY_IMPORT = {
    "model": set(),
    "profile": {"model"},
    "intake": {"model"},
    "media": {"model"},
    "observe": {"model"},
    "judge": {"model"},
    "report": {"model"},
    "run": {"model", "profile", "intake", "media", "observe", "judge", "report"},
    "cli": {"model", "profile", "intake", "media", "observe", "judge", "report", "run"},
    "__main__": {"cli"},
    "errors": set(),
    "": set(),
}
LIVES_IN = {
    "cv2": {"observe"},
    "onnxruntime": {"observe"},
    "onnx": {"observe"},
    "dlib": {"observe"},
    "face_recognition": {"observe"},
    "scipy": {"observe"},
    "faiss": {"observe"},
    "sqlalchemy": {"run"},
    "cryptography": {"run"},
    "av": {"media"},
    "ffmpeg": {"media"},
    "imageio_ffmpeg": {"media"},
    "openpyxl": {"intake", "report"},
    "babel": {"report"},
    "docx": {"report"},
    "docxtpl": {"report"},
    "xlrd": {"intake"},
    "pycdlib": {"intake"},
    "jinja2": {"report"},
    "jsonschema": {"report"},
    "rich": {"report", "cli"},
    "click": {"cli"},
    "tqdm": {"cli"},
    "pebble": {"run"},
    "distributed": {"run"},
    "msgspec": {"run"},
}
# A worker of the pool has to quieten OpenCV before the first frame.
EXCEPTIONS = {("run/worker.py", "cv2")}
HEAVY = (
    "cv2",
    "onnxruntime",
    "dlib",
    "av",
    "numpy",
    "openpyxl",
    "msgspec",
    "rich",
    "jinja2",
    "faiss",
    "sqlalchemy",
    "babel",
    "cryptography",
    "docx",
)


def part_of(file: Path) -> str:
    relative = file.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem.replace("__init__", "")


def module_of(file: Path) -> str:
    parts = ("vidaudit", *file.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_parts_import_only_what_they_may(file: Path) -> None:
    part = part_of(file)
    for name in imports(file):
        if name.split(".")[0] != "vidaudit" or name in {"vidaudit", "vidaudit.__version__"}:
            continue
        other = name.split(".")[1]
        assert other == part or other in MAY_IMPORT[part] | FOUNDATIONS, f"{part} imports {name}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_heavy_libraries_stay_where_they_belong(file: Path) -> None:
    for name in imports(file):
        library = name.split(".")[0]
        if (str(file.relative_to(PACKAGE).as_posix()), library) not in EXCEPTIONS:
            assert part_of(file) in LIVES_IN.get(library, {part_of(file)}), f"{library} in {file.name}"


def test_model_needs_only_the_standard_library_and_numpy() -> None:
    allowed = set(sys.stdlib_module_names) | {"numpy", "vidaudit"}
    used = {name.split(".")[0] for file in (PACKAGE / "model").glob("*.py") for name in imports(file)}
    assert used <= allowed


def test_no_circular_imports() -> None:
    modules = {module_of(file) for file in FILES}
    graph = {module_of(file): {name for name in imports(file) if name in modules} - {module_of(file)} for file in FILES}
    for module, used in graph.items():
        used -= {parent for parent in used if module.startswith(f"{parent}.")}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"circular imports: {error.args[1]}")


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, vidaudit.cli; print([name for name in %r if name in sys.modules])" % (HEAVY,)  # noqa: UP031
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_profiles_and_packages_are_where_users_expect_them() -> None:
    root = PACKAGE.parent
    for place in ("pyproject.toml", "README.md", "profiles", "fixtures/videos", "tests", ".ci/run", "LICENSE"):
        assert (root / place).exists(), place
