"""`report.xlsx` and `summary.xlsx`: the same facts as the pages, to sort, filter and pass on."""

from collections.abc import Iterable, Iterator

from vidaudit.model.settings import Profile
from vidaudit.model.stake import Stake, StakeLine
from vidaudit.model.submission import StrayFile
from vidaudit.model.verdict import Finding, RuleResult, Status
from vidaudit.report import formats
from vidaudit.report.attention import SummaryRow, by_attention, counts, reasons, required
from vidaudit.report.change_view import ChangeView, change_view, status_text
from vidaudit.report.context import ReportContext
from vidaudit.report.findings_view import place_text
from vidaudit.report.material import Material
from vidaudit.report.messages import Catalogue, catalogue, finite
from vidaudit.report.people_view import trainees
from vidaudit.report.persons_view import Attendance, attendances, day_heading, notes, persons
from vidaudit.report.privacy import mask_ids
from vidaudit.report.scope_view import kind_text, manual, not_applied
from vidaudit.report.stake_view import clause_text, line_title, stake_view, training, working_lines
from vidaudit.report.text import shown
from vidaudit.report.view import class_facts, head_facts, profile_facts, profile_title, sentence
from vidaudit.report.workbook import Cell, Column, Table, workbook


def class_xlsx(material: Material) -> bytes:
    """The report of one class: verdict, days, findings, clips, persons, attendance, roster, what is left for a
    person, what is at stake, and what changed against the verdict before, a sheet each.
    """
    tables = (_verdict(material), _days(material), _findings(material), _clips(material))
    people = (_persons(material), _attendance(material), _roster(material))
    stake = () if material.stake is None else (_stake(material.stake, material.words),)
    change = change_view(material.verdict, material.profile, material.words)
    changes = () if change is None else (_changes(change, material.words),)
    return workbook((*tables, *people, _manual(material), *stake, *changes), material.context.created)


def summary_xlsx(
    rows: Iterable[SummaryRow], profile: Profile, context: ReportContext, loose: Iterable[StrayFile] = ()
) -> bytes:
    """The whole run: a row for each class, those that need attention first, and what lies in no class."""
    words = catalogue(context.lang)
    statuses = [Status(status) for status in counts(())]
    table = Table(
        title=words.ui("sheet_classes"),
        columns=(
            *_columns(words, ("class_name", 24), ("institution", 20), ("verdict", 11), ("open_rules", 30)),
            *_columns(words, ("num_days", 6), ("num_clips", 6), ("persons_seen", 8), ("roster_size", 8)),
            *(Column(heading=words.status(status), width=8) for status in statuses),
            *_columns(words, ("report_at", 26), ("kind_of_training", 14), ("not_applied", 8)),
            *_columns(words, ("stake_days_claimed", 8), ("stake_claimed_yuan", 12), ("stake_low_yuan", 12)),
            *_columns(words, ("stake_high_yuan", 12), ("stake_limit", 8)),
        ),
        rows=[_summary_row(row, profile, words) for row in by_attention(rows)],
    )
    astray = Table(
        title=words.ui("loose"),
        columns=_columns(words, ("file", 70), ("what_it_is", 30)),
        rows=[(shown(stray.path), words.value("stray", stray.reason.value)) for stray in loose],
    )
    return workbook((table, astray, _about(profile, context)), context.created)


def _summary_row(row: SummaryRow, profile: Profile, words: Catalogue) -> list[Cell]:
    verdict = row.verdict
    titles = words.ui("list_separator").join(words.title(rule.slug) for rule in reasons(verdict))
    return [
        *(verdict.name, verdict.institution, words.status(verdict.status), titles),
        *(len(verdict.days), len(verdict.clips), verdict.persons_seen, verdict.roster_size),
        *counts(rule.status for rule in required(verdict)).values(),
        *(f"{mask_ids(row.folder)}/report.html", kind_text(profile, verdict, words), len(verdict.not_applied)),
        *_paid(row.stake, words),
    ]


def _paid(stake: Stake | None, words: Catalogue) -> list[Cell]:
    """Days claimed and the training subsidy: by the claim, and by the evidence from least to most."""
    paid = training(stake)
    days = None if stake is None else stake.days.claimed
    limit = words.ui("yes") if paid.claimed.is_at_most else ""
    return [days, paid.claimed.high, paid.evidenced.low, paid.evidenced.high, limit]


def _about(profile: Profile, context: ReportContext) -> Table:
    words = catalogue(context.lang)
    facts = head_facts(context, words, profile_facts(profile, words))
    title = (words.ui("regulation"), profile_title(profile, context))
    return Table(
        title=words.ui("tool"),
        columns=(Column(heading="", width=20), Column(heading="", width=80)),
        rows=[title, *((fact.label, fact.value) for fact in facts)],
    )


def _verdict(material: Material) -> Table:
    words, verdict = material.words, material.verdict
    head = head_facts(material.context, words, profile_facts(material.profile, words))
    facts = [(fact.label, fact.value) for fact in (*class_facts(material), *head)]
    rules = [
        (f"{rule.id} {words.title(rule.slug)}", f"{words.status(rule.status)} ({words.level(rule.level)})")
        for rule in verdict.rules
    ]
    silent = [
        (f"{rule.id} {rule.title}", f"{words.ui('not_applicable')} ({rule.reason})")
        for rule in not_applied(verdict, words)
    ]
    return Table(
        title=words.ui("sheet_verdict"),
        columns=(Column(heading=words.ui("verdict"), width=34), Column(heading=words.status(verdict.status), width=80)),
        rows=[(words.ui("why"), sentence(verdict, words)), *facts, *rules, *silent],
    )


def _manual(material: Material) -> Table:
    words = material.words
    rows = [(item.text, item.clause, "") for item in manual(material.profile, material.verdict, words)]
    columns = _columns(words, ("manual_item", 80), ("clause_heading", 34), ("manual_result", 30))
    return Table(title=words.ui("sheet_manual"), columns=columns, rows=rows)


def _stake(stake: Stake, words: Catalogue) -> Table:
    """The subsidies, then days and people, then the conditions, all in one list that can be filtered."""
    shown_stake = stake_view(stake, words)
    facts: list[list[Cell]] = [[label, None, None, None, "", value, ""] for label, value in shown_stake.facts]
    notes: list[list[Cell]] = [
        [words.ui("stake_condition"), None, None, None, "", one, ""] for one in shown_stake.notes
    ]
    columns = _columns(
        words,
        *(("stake_item", 24), ("stake_claimed_yuan", 12), ("stake_low_yuan", 12), ("stake_high_yuan", 12)),
        *(("stake_limit", 8), ("stake_how", 60), ("clause_heading", 24)),
    )
    notice: list[Cell] = [words.ui("stake"), None, None, None, "", words.ui("stake_note"), ""]
    lines = [_stake_line(line, words) for line in stake.lines]
    return Table(title=words.ui("stake"), columns=columns, rows=[notice, *facts, *lines, *notes])


def _stake_line(line: StakeLine, words: Catalogue) -> list[Cell]:
    sums = (None if working is None else working.yuan for working in (line.claimed, line.low, line.high))
    limit = words.ui("yes") if line.is_at_most else ""
    how = "\n".join(working_lines(line, words))
    return [line_title(line, words), *sums, limit, how, clause_text(line.clause)]


def _days(material: Material) -> Table:
    words = material.words
    rows: list[list[Cell]] = [
        [
            "" if day.date is None else day.date.isoformat(),
            material.path(day.folder),
            words.status(day.status),
            "\n".join(map(material.path, day.face_clips)),
            "\n".join(map(material.path, day.lectures)),
            day.persons,
            day.headcount,
            material.verdict.roster_size,
        ]
        for day in material.verdict.days
    ]
    columns = _columns(
        words,
        *(("day", 12), ("folder", 16), ("verdict", 14), ("face_clip", 52), ("lecture", 48)),
        *(("persons_number", 10), ("headcount_number", 10), ("roster_size", 12)),
    )
    return Table(title=words.ui("sheet_days"), columns=columns, rows=rows)


def _findings(material: Material) -> Table:
    words = material.words
    columns = _columns(
        words,
        *(("verdict", 14), ("level", 9), ("rule", 9), ("rule_title", 14), ("clause_heading", 22), ("day", 12)),
        *(("file", 34), ("time", 8), ("message", 40), ("remedy", 40), ("code", 14)),
    )
    return Table(title=words.ui("sheet_findings"), columns=columns, rows=list(_finding_rows(material)))


def _finding_rows(material: Material) -> Iterator[list[Cell]]:
    """All findings, passes last, otherwise in the order of the page."""
    for status in (Status(value) for value in counts(())):
        for rule in material.verdict.rules:
            for finding in rule.findings:
                if finding.status is status:
                    yield _finding_row(material, rule, finding)


def _finding_row(material: Material, rule: RuleResult, finding: Finding) -> list[Cell]:
    words, where = material.words, finding.where
    said = words.finding(rule.slug, finding)
    return [
        words.status(finding.status),
        words.level(rule.level),
        rule.id,
        words.title(rule.slug),
        material.clause(rule.clause),
        "" if where.day is None else material.path(where.day),
        place_text(material, where),
        "" if where.at_s is None else formats.clock(where.at_s),
        said.message,
        said.remedy,
        finding.code,
    ]


def _clips(material: Material) -> Table:
    words = material.words
    rows: list[list[Cell]] = []
    for clip in material.verdict.clips:
        length = finite(clip.duration_s)
        rows.append(
            [
                *(material.path(clip.path), words.kind(clip.kind), words.status(clip.status)),
                *(words.value("container", clip.container), words.value("codec", clip.codec)),
                *(clip.width, clip.height, length, clip.bytes, clip.persons, clip.headcount, clip.sha256),
            ]
        )
    columns = _columns(
        words,
        *(("file", 52), ("kind", 12), ("verdict", 14), ("container", 14), ("codec", 12), ("width_px", 9)),
        *(("height_px", 9), ("length_s", 10), ("size_bytes", 14), ("persons_number", 10)),
        *(("headcount_number", 10), ("sha256", 24)),
    )
    return Table(title=words.ui("sheet_clips"), columns=columns, rows=rows)


def _persons(material: Material) -> Table:
    words = material.words
    rows: list[list[Cell]] = [_person_row(material, one) for one in attendances(material.evidence)]
    if material.evidence.people is None:
        rows = [[card.label, None, card.detail, None, None, None, None] for card in persons(material)]
    columns = _columns(
        words,
        *(("number", 14), ("total", 8), ("days_seen", 60), ("clips_number", 10), ("face_width_px", 12)),
        *(("face_detail_px", 14), ("notes", 40)),
    )
    return Table(title=words.ui("sheet_persons"), columns=columns, rows=rows)


def _person_row(material: Material, one: Attendance) -> list[Cell]:
    words, person = material.words, one.person
    return [
        words.ui("person_number", number=person.number),
        len(person.days),
        words.ui("list_separator").join(day_heading(material, day) for day in person.days),
        one.num_clips,
        *(None if size is None else int(size) for size in (one.width_px, one.detail_px)),
        words.ui("note_separator").join(notes(material, person)),
    ]


def _attendance(material: Material) -> Table:
    """Person by day: in how many of the day's face clips; empty where the day wasn't watched."""
    words = material.words
    days = [day_heading(material, day.path) for day in material.evidence.folder.days]
    rows: list[list[Cell]] = [
        [
            words.ui("person_number", number=one.person.number),
            *(sighting.num_clips for sighting in one.sightings),
            len(one.person.days),
        ]
        for one in attendances(material.evidence)
    ]
    heads = _columns(words, ("number", 14)), [Column(heading=day, width=8) for day in days]
    return Table(
        title=words.ui("sheet_attendance"), columns=(*heads[0], *heads[1], *_columns(words, ("total", 8))), rows=rows
    )


def _roster(material: Material) -> Table:
    words = material.words
    rows: list[list[Cell]] = [
        [row.row, row.name, row.sex, row.age, row.education, row.occupation, row.id_masked, row.notes]
        for row in trainees(material)
    ]
    columns = _columns(
        words,
        *(("row", 7), ("name", 16), ("sex", 7), ("age", 7), ("education", 14), ("occupation", 18)),
        *(("id_number", 24), ("notes", 40)),
    )
    return Table(title=words.ui("sheet_roster"), columns=columns, rows=rows)


def _changes(change: ChangeView, words: Catalogue) -> Table:
    """Each rule with another outcome or other findings, below a row that says against what."""
    columns = _columns(
        words,
        *(("rule", 9), ("rule_title", 40), ("change_before", 14), ("change_now", 14)),
        *(("change_gone", 60), ("change_new", 60)),
    )
    rows: list[list[Cell]] = [["", change.sentence, "", "", "", ""]]
    for row in change.rows:
        outcomes = [status_text(status, words) for status in (row.before, row.now)]
        rows.append([row.id, row.title, *outcomes, "\n".join(row.gone), "\n".join(row.new)])
    return Table(title=words.ui("sheet_changes"), columns=columns, rows=rows)


def _columns(words: Catalogue, *keys: tuple[str, int]) -> tuple[Column, ...]:
    return tuple(Column(heading=words.ui(key), width=width) for key, width in keys)
