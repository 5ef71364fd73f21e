"""The figures of an evaluation as one page that needs nothing else."""

from collections.abc import Sequence
from html import escape
from typing import Any

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;
color:#1c2b33}table{border-collapse:collapse;width:100%}td,th{padding:.25rem .6rem;text-align:right;
border-bottom:1px solid #d5dde1}td:first-child,th:first-child{text-align:left}.low{color:#a3341c}
svg{width:100%;height:auto}figcaption{color:#55656e}"""
FAILING = 0.6


def page(report: dict[str, Any]) -> str:
    """A self-contained HTML page: figures beside their controls, people, calibration."""
    balanced = ("control_time_balanced", "control_motion_balanced")
    rows = [
        ("Drift-balanced AUC", "auc_balanced_mean", *balanced),
        ("Plain mean z, drift-balanced", "mean_z_balanced", *balanced),
        ("Naive AUC (confounded with time)", "auc_60s_mean", "control_time", "control_motion"),
    ]
    table = "".join(
        f"<tr><td>{title}</td>" + "".join(f"<td>{_n(report.get(k))}</td>" for k in keys) + "</tr>"
        for title, *keys in rows
    )
    return f"""<!doctype html><html lang="en"><meta charset="utf-8">
<title>Arousal index on {escape(str(report["folder"]))}</title><style>{_STYLE}</style>
<h1>Arousal index on {escape(str(report["folder"]))}</h1>
<p>{report["n"]} people, windows of {report["window_s"]:.0f} s, streamed and causal; whatever is
learnt is learnt on the other people only. The index is of bodily arousal; it is no measure of
anxiety, and says nothing on the outcome of a therapy.</p>
<table><tr><th></th><th>estimate</th><th>elapsed time alone</th><th>motion alone</th></tr>{table}
</table>
<p>95 % interval over people {_span(report.get("auc_balanced_ci"))}; gain over plain mean z
{_n(report.get("gain_over_mean_z"))} {_span(report.get("gain_over_mean_z_ci"))}; second by second
{_n(report.get("auc_1s_median"))} (median); {report["below_060"]} people below 0.60. Regression,
each person left out: AUC {_n(report.get("loso_auc"))}, balanced accuracy
{_n(report.get("loso_balanced_accuracy"))}.</p>
<figure>{_people(report["per_subject"])}<figcaption>Each person: drift-balanced AUC (dot) and plain
mean z (ring); one half is chance.</figcaption></figure>
<figure>{_diagram(report.get("reliability") or [])}<figcaption>Share of stress against the told
probability, mapped by the other people: calibration error {_n(report.get("ece"))}, Brier
{_n(report.get("brier"))}; as told, without mapping, {_n(report.get("ece_as_told"))}.</figcaption>
</figure>
<table><tr><th>person</th><th>balanced</th><th>naive</th><th>by second</th><th>mean z</th>
<th>known</th></tr>{"".join(_line(row) for row in report["per_subject"])}</table></html>
"""


def _line(row: dict[str, Any]) -> str:
    low = row["auc_60s"] is None or row["auc_60s"] < FAILING
    keys = ("auc_balanced", "auc_60s", "auc_1s", "mean_z_balanced", "known_share")
    cells = "".join(f"<td>{_n(row[key])}</td>" for key in keys)
    note = f" &mdash; {escape(row['problem'])}" if row["problem"] else ""
    return f"<tr{' class=low' if low else ''}><td>{escape(row['subject'])}{note}</td>{cells}</tr>"


def _people(rows: Sequence[dict[str, Any]]) -> str:
    marks = ['<path d="M40 110H690" stroke="#99a7ae" stroke-dasharray="4 4"/>']
    ordered = sorted(rows, key=lambda row: row["auc_balanced"] or 0.0)
    for place, row in enumerate(ordered):
        x = 50 + place * 640 / max(len(ordered), 1)
        for key, fill in (("mean_z_balanced", "none"), ("auc_balanced", "#1f6f8b")):
            if row[key] is not None:
                y = 210 - 200 * row[key]
                marks.append(
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="#1f6f8b"/>'
                )
    for value in (0.0, 0.5, 1.0):
        marks.append(f'<text x="5" y="{215 - 200 * value:.0f}" font-size="12">{value}</text>')
    return f'<svg viewBox="0 0 700 225" role="img">{"".join(marks)}</svg>'


def _diagram(steps: Sequence[Sequence[float]]) -> str:
    marks = ['<path d="M40 210L240 10" stroke="#99a7ae" stroke-dasharray="4 4" fill="none"/>']
    most = max((count for _, _, count in steps), default=1)
    for told, share, count in steps:
        radius = 3 + 7 * (count / most) ** 0.5
        marks.append(
            f'<circle cx="{40 + 200 * told:.1f}" cy="{210 - 200 * share:.1f}" r="{radius:.1f}" '
            'fill="#1f6f8b" fill-opacity="0.7"/>'
        )
    marks.append(
        '<text x="40" y="222" font-size="10">0</text><text x="232" y="222" font-size="10">1</text>'
    )
    return f'<svg viewBox="0 0 700 225" role="img">{"".join(marks)}</svg>'


def _n(value: float | None) -> str:
    return "&ndash;" if value is None else f"{value:.3f}"


def _span(value: Sequence[float] | None) -> str:
    return "" if value is None else f"[{value[0]:.3f}, {value[1]:.3f}]"
