"""The registry: fingerprints of everything ever scanned, with where and when, in a database.

Written against SQLAlchemy's core alone, so that another database than SQLite will do. Every write takes the database's
write lock with its first statement: two scans that end at once wait for each other, and neither sees half a class.
"""

import contextlib
import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from vidaudit.errors import RegistryError
from vidaudit.model.fingerprint import ClipFingerprint
from vidaudit.model.registry import KeptClass, KeptClip, StoredClass, StoredClip
from vidaudit.observe.lookup import anchor_marks

SCHEMA = 1
_WAIT_S = 20  # for another process that is writing: recording a disc takes less than a second
_AT_ONCE = 500  # values in one statement; SQLite takes 32,766, other databases fewer

_META = sa.MetaData()
_ABOUT = sa.Table(
    "registry",
    _META,
    sa.Column("schema_version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(32), nullable=False),
    sa.Column("num_changes", sa.Integer, nullable=False),
)
_CLASSES = sa.Table(
    "classes",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, index=True),
    sa.Column("institution", sa.Text),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("first_day", sa.Date),
    sa.Column("last_day", sa.Date),
    sa.Column("submission", sa.Text, nullable=False),
    sa.Column("scanned_at", sa.DateTime, nullable=False),  # UTC
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("origin", sa.String(32), nullable=False),
    sa.Column("origin_name", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
_CLIPS = sa.Table(
    "clips",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("class_id", sa.ForeignKey("classes.id"), nullable=False, index=True),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("date", sa.Date),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("duration_s", sa.String(64), nullable=False),  # n/d, exact
    sa.Column("constant_rate", sa.Boolean, nullable=False),
    sa.Column("curve", sa.LargeBinary, nullable=False),
    sa.Column("marks", sa.LargeBinary, nullable=False),
    sa.Column("marks_at", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,  # an id is never given twice: an index beside the store may still know a deleted one
)
_MARKS = sa.Table(
    "marks",
    _META,
    sa.Column("hash", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("clip_id", sa.Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)


def default_file() -> Path:
    """The user's own registry."""
    return platformdirs.user_data_path("vidaudit", appauthor=False) / "registry.sqlite"


class Registry:
    """An open registry. Every method may raise `RegistryError`, with what happened and what to do."""

    def __init__(self, file: Path, *, create: bool = False) -> None:
        """Open the registry in this file; `create` makes one where there is none."""
        self.file = file
        if not create and not file.is_file():
            raise RegistryError(f"There is no registry at {file}. The first scan makes it; --registry names another.")
        self._database = _connected(file)
        with self._told():
            if create:
                file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._create()
            self.id = self._opened()

    def __enter__(self) -> "Registry":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.dispose()

    def record(self, classes: Iterable[KeptClass]) -> None:
        """Keep classes with their clips, all of them or none. A class that is known already is brought up to date."""
        with self._writing() as connection:
            for one in classes:
                _record(connection, replace(one, origin=one.origin or self.id))

    def forget(self, class_ids: Collection[int]) -> None:
        """Remove classes with all their clips."""
        with self._writing() as connection:
            for ids in _parts(sorted(class_ids)):
                stored = connection.execute(_SELECT_CLIPS.where(_CLIPS.c.class_id.in_(ids))).all()
                _delete_clips(connection, [_stored(row) for row in stored])
                connection.execute(sa.delete(_CLASSES).where(_CLASSES.c.id.in_(ids)))

    def classes(self) -> tuple[StoredClass, ...]:
        """All classes, the latest scan first."""
        with self._told(), self._database.connect() as connection:
            durations: dict[int, list[Fraction]] = {}
            for class_id, duration_s in connection.execute(sa.select(_CLIPS.c.class_id, _CLIPS.c.duration_s)):
                durations.setdefault(class_id, []).append(Fraction(duration_s))
            rows = connection.execute(sa.select(_CLASSES).order_by(_CLASSES.c.scanned_at.desc(), _CLASSES.c.id))
            return tuple(_stored_class(row, durations.get(row.id, []), self.id) for row in rows)

    def clips_of(self, class_id: int) -> tuple[StoredClip, ...]:
        """The clips of a class, by their paths."""
        wanted = _SELECT_CLIPS.where(_CLIPS.c.class_id == class_id).order_by(_CLIPS.c.path, _CLIPS.c.id)
        return self._clips([wanted])

    def clips(self, clip_ids: Iterable[int]) -> tuple[StoredClip, ...]:
        """The clips with these ids; those that are gone are left out."""
        return self._clips(_SELECT_CLIPS.where(_CLIPS.c.id.in_(ids)) for ids in _parts(sorted(set(clip_ids))))

    def clips_with(self, sha256: str) -> tuple[StoredClip, ...]:
        """The clips with exactly this content."""
        return self._clips([_SELECT_CLIPS.where(_CLIPS.c.sha256 == sha256)])

    def shared_marks(self, fingerprint: ClipFingerprint) -> dict[int, int]:
        """{id of a clip: how many of this fingerprint's anchors are marks of it too}."""
        found: dict[int, int] = {}
        with self._told(), self._database.connect() as connection:
            for part in _parts(anchor_marks(fingerprint)):
                for (clip_id,) in connection.execute(sa.select(_MARKS.c.clip_id).where(_MARKS.c.hash.in_(part))):
                    found[clip_id] = found.get(clip_id, 0) + 1
        return found

    def clips_of_keys(self, keys: Collection[str]) -> frozenset[int]:
        """The ids of all clips of classes with these keys (`KeptClass.key`)."""
        found: set[int] = set()
        with self._told(), self._database.connect() as connection:
            for part in _parts(sorted(keys)):
                joined = sa.select(_CLIPS.c.id).join(_CLASSES).where(_CLASSES.c.key.in_(part))
                found.update(connection.scalars(joined))
        return frozenset(found)

    def size(self) -> tuple[int, int]:
        """(number of clips, the id of the newest; 0 for none)."""
        with self._told(), self._database.connect() as connection:
            number, newest = connection.execute(sa.select(sa.func.count(), sa.func.max(_CLIPS.c.id))).one()
            return int(number), int(newest or 0)

    def curves(self, *, after: int, until: int | None = None, one_in: int = 1) -> Iterator[tuple[int, bytes]]:
        """(id, curve) in order of the ids, of one clip in so many; those of a constant bit rate say nothing."""
        wanted = sa.select(_CLIPS.c.id, _CLIPS.c.curve).where(~_CLIPS.c.constant_rate, _CLIPS.c.id % one_in == 0)
        wanted = wanted.order_by(_CLIPS.c.id).limit(_AT_ONCE)
        if until is not None:
            wanted = wanted.where(_CLIPS.c.id <= until)
        while True:
            with self._told(), self._database.connect() as connection:
                rows = connection.execute(wanted.where(_CLIPS.c.id > after)).all()
            yield from ((row.id, row.curve) for row in rows)
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1].id

    def _clips(self, queries: Iterable["sa.Select[Any]"]) -> tuple[StoredClip, ...]:
        with self._told(), self._database.connect() as connection:
            return tuple(_stored(row) for query in queries for row in connection.execute(query))

    def _create(self) -> None:
        """Make the tables, not in another program's database; of two processes that do so at once, one finds them."""
        with contextlib.suppress(DatabaseError), self._database.begin() as connection:
            if not _META.tables.keys() >= set(sa.inspect(connection).get_table_names()):
                return
            _META.create_all(connection)
            if connection.execute(sa.select(sa.func.count()).select_from(_ABOUT)).scalar_one() == 0:
                about = {"schema_version": SCHEMA, "id": uuid.uuid4().hex, "num_changes": 0}
                connection.execute(sa.insert(_ABOUT).values(about))

    def _opened(self) -> str:
        with self._database.connect() as connection:
            version, own = connection.execute(sa.select(_ABOUT.c.schema_version, _ABOUT.c.id)).one()
        if version != SCHEMA:
            raise RegistryError(
                f"The registry {self.file} has version {version}, this vidaudit knows version {SCHEMA}. "
                "Update vidaudit, or name another registry with --registry.",
                "other-version",
            )
        return str(own)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._told(), self._database.begin() as connection:
            connection.execute(sa.update(_ABOUT).values(num_changes=_ABOUT.c.num_changes + 1))  # takes the write lock
            yield connection

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong with the database, in words."""
        try:
            yield
        except (SQLAlchemyError, OSError, ValueError, ZeroDivisionError, OverflowError) as error:
            raise _in_words(self.file, error) from error


def _connected(file: Path) -> sa.Engine:
    url = sa.URL.create("sqlite", database=str(file))
    return sa.create_engine(url, connect_args={"timeout": _WAIT_S}, poolclass=sa.NullPool)


def check_usable(file: Path) -> None:
    """Make sure that a registry can be asked and told, before hours of work; it is made where there is none.

    Raises:
        RegistryError: when it can't.
    """
    with Registry(file, create=True) as registry:
        registry.record(())


def damaged(file: Path, reason: str) -> RegistryError:
    """What to tell of a registry whose content makes no sense."""
    return RegistryError(f"The registry {file} {_DAMAGED} ({reason}).", "damaged")


def _in_words(file: Path, error: Exception) -> RegistryError:
    detail = str(getattr(error, "orig", None) or error)
    said = detail.casefold()
    for sign, (reason, advice) in _ADVICE.items():
        if sign in said:
            return RegistryError(f"The registry {file} {advice} ({detail}).", reason)
    return RegistryError(f"The registry {file} can't be used: {detail}. Name another with --registry.")


_DAMAGED = "is damaged; move it away, and import your last export into a new one"
_FOREIGN = "is no registry, or a damaged one; move it away or name another with --registry"

# By what the database says of it: a reason, as reports tell it, and what to do.
_ADVICE = {
    "locked": ("locked", "is in use by another program; try again when that has ended"),
    "readonly": ("read-only", "can't be written; ask for the right to, or name another with --registry"),
    "unable to open": (
        "no-access",
        "can't be opened; see whether its folder is yours to write, or name another with --registry",
    ),
    "permission denied": ("no-access", "can't be opened; ask for the right to, or name another with --registry"),
    "disk is full": ("disk-full", "can't grow, the disk is full; make room and scan again"),
    "malformed": ("damaged", _DAMAGED),
    "not a database": ("no-registry", _FOREIGN),
    "no such table": ("no-registry", "is no registry; name another with --registry"),
    "no such column": ("no-registry", "is no registry; name another with --registry"),
    "no row was found": ("no-registry", _FOREIGN),
}

_SELECT_CLIPS = sa.select(
    *_CLIPS.c,
    *(column.label(f"class_{column.name}") for column in _CLASSES.c if column.name != "id"),
).join(_CLASSES)


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _record(connection: sa.Connection, one: KeptClass) -> None:
    class_id = _class_id(connection, one)
    known = {
        (stored.clip.path, stored.clip.sha256): stored
        for stored in map(_stored, connection.execute(_SELECT_CLIPS.where(_CLIPS.c.class_id == class_id)))
    }
    for clip in one.clips:
        before = known.get((clip.path, clip.sha256))
        if before is not None and before.clip == clip:
            continue
        if before is not None:
            _delete_clips(connection, [before])
        known[clip.path, clip.sha256] = StoredClip(id=_insert_clip(connection, class_id, clip), clip=clip, of_class=one)


def _class_id(connection: sa.Connection, one: KeptClass) -> int:
    """The row of this class, made or brought up to date."""
    wanted = sa.select(_CLASSES).where(_CLASSES.c.key == one.key(), _CLASSES.c.origin == one.origin)
    for row in connection.execute(wanted.order_by(_CLASSES.c.id)).all():
        known = _kept_class(row)
        if known.is_same_class(one):
            connection.execute(sa.update(_CLASSES).where(_CLASSES.c.id == row.id).values(_merged(known, one)))
            return int(row.id)
    inserted = connection.execute(sa.insert(_CLASSES).values(_class_values(one))).inserted_primary_key
    assert inserted is not None
    return int(inserted[0])


def _merged(known: KeptClass, one: KeptClass) -> dict[str, Any]:
    """What the later scan says, and the days of both."""
    later = one if one.scanned_at >= known.scanned_at else known
    first = [day for day in (known.first_day, one.first_day) if day]
    last = [day for day in (known.last_day, one.last_day) if day]
    return _class_values(
        replace(later, first_day=min(first, default=None), last_day=max(last, default=None), origin=known.origin)
    )


def _class_values(one: KeptClass) -> dict[str, Any]:
    return {
        "key": one.key(),
        "institution": one.institution,
        "name": one.name,
        "first_day": one.first_day,
        "last_day": one.last_day,
        "submission": one.submission,
        "scanned_at": one.scanned_at.astimezone(dt.UTC).replace(tzinfo=None),
        "version": one.version,
        "origin": one.origin,
        "origin_name": one.origin_name,
    }


def _insert_clip(connection: sa.Connection, class_id: int, clip: KeptClip) -> int:
    fingerprint = clip.fingerprint
    inserted = connection.execute(
        sa.insert(_CLIPS).values(
            class_id=class_id,
            path=clip.path,
            date=clip.date,
            kind=clip.kind,
            sha256=clip.sha256,
            duration_s=str(fingerprint.duration_s),
            constant_rate=fingerprint.constant_rate,
            curve=fingerprint.curve,
            marks=fingerprint.marks,
            marks_at=fingerprint.marks_at,
        )
    ).inserted_primary_key
    assert inserted is not None
    clip_id = int(inserted[0])
    rows = [{"hash": mark, "clip_id": clip_id} for mark in anchor_marks(fingerprint)]
    if rows:
        connection.execute(sa.insert(_MARKS), rows)
    return clip_id


def _delete_clips(connection: sa.Connection, clips: Iterable[StoredClip]) -> None:
    for one in clips:
        for part in _parts(anchor_marks(one.clip.fingerprint)):
            connection.execute(sa.delete(_MARKS).where(_MARKS.c.clip_id == one.id, _MARKS.c.hash.in_(part)))
        connection.execute(sa.delete(_CLIPS).where(_CLIPS.c.id == one.id))


def _stored(row: Any) -> StoredClip:
    fingerprint = ClipFingerprint(
        duration_s=Fraction(row.duration_s),
        curve=row.curve,
        marks=row.marks,
        marks_at=row.marks_at,
        constant_rate=row.constant_rate,
    )
    clip = KeptClip(path=row.path, date=row.date, kind=row.kind, sha256=row.sha256, fingerprint=fingerprint)
    return StoredClip(id=row.id, clip=clip, of_class=_kept_class(row, "class_"))


def _kept_class(row: Any, prefix: str = "") -> KeptClass:
    names = ("institution", "name", "first_day", "last_day", "submission", "version", "origin", "origin_name")
    values = {name: getattr(row, f"{prefix}{name}") for name in names}
    return KeptClass(**values, scanned_at=getattr(row, f"{prefix}scanned_at").replace(tzinfo=dt.UTC))


def _stored_class(row: Any, durations: Sequence[Fraction], own: str) -> StoredClass:
    return StoredClass(
        id=row.id,
        kept=_kept_class(row),
        num_clips=len(durations),
        duration_s=sum(durations, start=Fraction(0)),
        is_own=row.origin == own,
    )
