"""Which folders of a submission are training classes, told from what they hold.

A class folder holds day folders, or videos directly; what holds class folders is a disc or a wrapper round one.
"""

import re
from dataclasses import dataclass

from vidaudit.intake.dates import read_day_name
from vidaudit.intake.kinds import is_video
from vidaudit.intake.naming import parse_clip_name
from vidaudit.intake.numerals import NUMBER, fold
from vidaudit.intake.roster import rank_rosters
from vidaudit.intake.tree import Node, NodeKind

_CLASS_NAME = re.compile(f"班|第?{NUMBER}期")
_GROUP_NAME = re.compile(
    f"第?{NUMBER}(?:个)?(?:周|星期|阶段|单元|模块|部分|月)|[周月]{NUMBER}|[上中下]旬|[上下]半月|理论|实操|实训|week|month",
    re.IGNORECASE,
)
_PAPERS_NAME = re.compile("资料|材料|档案|照片|图片|文件|文档|备份|签到|合同|发票|附件|申请|回收站")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A class folder.

    Args:
        node: the folder.
        path: from the submission's own folder on.
        above: names of the folders above, the nearest first.
        rosters_above: files in the folder just above that are rosters by name, the likeliest first.
    """

    node: Node
    path: str
    above: tuple[str, ...]
    rosters_above: tuple[str, ...] = ()


def find_classes(
    node: Node, path: str, above: tuple[str, ...] = (), rosters_above: tuple[str, ...] = ()
) -> tuple[Place, ...]:
    """The class folders at or below a folder, in natural order; none where nothing looks like one."""
    below = _below(node, path, above)
    here = (Place(node=node, path=path, above=above, rosters_above=rosters_above),)
    if _is_class_of_groups(node):
        return here
    if any(map(is_day_folder, node.folders)) or _videos_directly(node):
        return below if _is_disc_with_strays(node) else here
    if below:
        return here if _is_class_of_undated_days(node) else below
    has_roster = bool(rank_rosters(file.name for file in node.files))
    is_named = "班" in node.name and not _PAPERS_NAME.search(fold(node.name))
    return here if has_roster or is_named else ()


def is_day_folder(node: Node) -> bool:
    """Whether a folder's name means a day, and what it holds doesn't make it a class of that date instead."""
    name = read_day_name(node.name)
    if not name.is_day or "班" in node.name:
        return False
    below = (read_day_name(folder.name) for _, folder in node.walk() if folder.kind is NodeKind.FOLDER)
    return all(_same_day(name.readings, day.readings) for day in below)


def holds_days(node: Node) -> bool:
    """Whether a folder that is no day itself groups day folders of a class: 第1周, 理论."""
    name = fold(node.name)
    if is_day_folder(node) or _CLASS_NAME.search(name) or _PAPERS_NAME.search(name):
        return False
    return any(map(is_day_folder, node.folders))


def has_videos(node: Node) -> bool:
    """Whether there is a video anywhere in a folder."""
    return any(child.kind is NodeKind.FILE and is_video(child.name) for _, child in node.walk())


def _below(node: Node, path: str, above: tuple[str, ...]) -> tuple[Place, ...]:
    folders = (folder for folder in node.folders if not is_day_folder(folder))
    rosters = rank_rosters(file.name for file in node.files)
    return tuple(
        place
        for folder in folders
        for place in find_classes(folder, f"{path}/{folder.label}", (node.name, *above), rosters)
    )


def _same_day(first: tuple[object, ...], second: tuple[object, ...]) -> bool:
    return not first or not second or first == second


def _videos_directly(node: Node) -> bool:
    return any(is_video(file.name) for file in node.files)


def _is_disc_with_strays(node: Node) -> bool:
    """Whether classes lie here, and days or videos beside them only by mistake."""
    classes = [folder for folder in node.folders if not is_day_folder(folder) and _is_plainly_class(folder)]
    num_days = sum(map(is_day_folder, node.folders))
    if num_days == 0 and any(is_day_folder(day) for folder in classes for day in folder.folders):
        return True
    return bool(classes) and len(classes) >= num_days and not _CLASS_NAME.search(fold(node.name))


def _is_plainly_class(folder: Node) -> bool:
    is_named = _CLASS_NAME.search(fold(folder.name)) is not None
    if _PAPERS_NAME.search(fold(folder.name)):
        return False
    return has_videos(folder) and (is_named or any(map(is_day_folder, folder.folders)))


def _is_class_of_groups(node: Node) -> bool:
    """Whether day folders lie in groups (第1周/5月20日): by the groups' names, or by one title in all clips."""
    others = [folder for folder in node.folders if not is_day_folder(folder) and has_videos(folder)]
    if not others or not all(map(holds_days, others)):
        return False
    if all(_GROUP_NAME.search(fold(folder.name)) for folder in others):
        return True
    days = [day.name for folder in (node, *others) for day in folder.folders if is_day_folder(day)]
    is_one_class = len(set(days)) == len(days) and len(_titles(node)) == 1
    return is_one_class and (len(others) > 1 or any(map(is_day_folder, node.folders)))


def _titles(node: Node) -> set[tuple[str | None, str]]:
    """Institution and class in the names of all clips below a folder; a name without them counts for nothing."""
    names = (
        parse_clip_name(child.name) for _, child in node.walk() if child.kind is NodeKind.FILE and is_video(child.name)
    )
    return {(name.institution, name.class_name) for name in names if name.class_name}


def _is_class_of_undated_days(node: Node) -> bool:
    """Folders with videos but without dates are days of one class if the clips say so, or the names of the folders."""
    folders = [folder for folder in node.folders if has_videos(folder)]
    if not folders or not all(_videos_directly(folder) and "班" not in folder.name for folder in folders):
        return False
    titles = {title for folder in folders if (title := _title(folder)) is not None}
    if len(titles) > 1:
        return False
    return _CLASS_NAME.search(fold(node.name)) is not None or (len(folders) > 1 and len(titles) == 1)


def _title(folder: Node) -> str | None:
    names = (parse_clip_name(file.name).class_name for file in folder.files if is_video(file.name))
    return next((name for name in names if name), None)
