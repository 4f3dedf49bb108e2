"""SQLite 3.39 and later, where dates are ISO text: YYYY-MM-DD or YYYY-MM-DD HH:MM:SS."""

from __future__ import annotations

from sqlglot import exp

from microgt.schema.types import ColumnType
from microgt.spec.compiler.casts import iso
from microgt.spec.compiler.scope import literal
from microgt.spec.dialects.nodes import call, is_moment, kind, modulo, plus, unit, whole
from microgt.spec.dialects.series import Series
from microgt.spec.dialects.text import has_other_letters
from microgt.spec.dialects.writer import Writer

_PARTS = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d", "HOUR": "%H"}


class SQLite(Writer):
    """No median, no types for dates; a cast of what does not fit is 0; letters beyond ASCII keep their case."""

    name = "sqlite"

    def order(self, node: exp.Order) -> exp.Expr:
        """An aggregate that stands here alone does not make a query one of groups."""
        block = node.parent
        if (
            isinstance(block, exp.Select)
            and not block.args.get("group")
            and _aggregates(node)
            and not any(map(_aggregates, block.expressions))
        ):
            self.refuse("an aggregate in ORDER BY alone")
        return node

    def median(self, node: exp.Median) -> exp.Expr:
        """There is none."""
        return self.refuse("MEDIAN")

    def percentile(self, node: exp.WithinGroup) -> exp.Expr:
        """There is none."""
        return self.refuse("PERCENTILE_CONT")

    def floor(self, node: exp.Floor) -> exp.Expr:
        """A cast cuts towards zero; FLOOR is not in every build."""
        cut = exp.cast(node.this, exp.DType.INT)
        return exp.paren(exp.Sub(this=cut, expression=exp.paren(exp.LT(this=node.this.copy(), expression=cut.copy()))))

    def count(self, node: exp.Count) -> exp.Expr:
        """Of several columns at once there is none."""
        of = node.this
        if isinstance(of, exp.Distinct) and isinstance(of.expressions[0], exp.Tuple):
            self.refuse("COUNT(DISTINCT ...) of several columns")
        return node

    def try_cast(self, node: exp.TryCast) -> exp.Expr:
        """Refused, but for what fits for sure."""
        found = super().try_cast(node)
        return self.refuse("TRY_CAST") if isinstance(found, exp.TryCast) else found

    def cast(self, node: exp.Cast) -> exp.Expr:
        """To a date by function: CAST would make the year's number of it."""
        node = self.checked(node)
        if node.to.is_type(exp.DType.DATE):
            return node.this if _is_date(node.this) else _date(node.this)
        return call("DATETIME", node.this) if node.to.is_type(exp.DType.TIMESTAMP) else node

    def ilike(self, node: exp.ILike) -> exp.Expr:
        """LIKE, which is blind to the case of ASCII letters only."""
        if not node.expression.is_string or has_other_letters(node.expression.name):
            self.refuse("a match without regard to the case of letters beyond ASCII")
        return exp.Like(this=node.this, expression=node.expression)

    # -------------------------------------------------------------- dates

    def compared(self, node: exp.Binary) -> exp.Expr:
        """Dates and timestamps in one form, except where the order of the text is enough: a half-open range of dates."""
        sides = (node.this, node.expression)
        half_open = isinstance(node, exp.GTE | exp.LT) and _is_date(node.expression)
        if half_open or not any(kind(side) is ColumnType.TIME or _is_date(side) for side in sides):
            return node
        return type(node)(**{key: _datetime(side) for key, side in zip(("this", "expression"), sides, strict=True)})

    distinct_from = not_distinct_from = compared

    def between(self, node: exp.Between) -> exp.Expr:
        """Dates as timestamps."""
        if kind(node.this) is not ColumnType.TIME and not is_moment(node.args["low"]):
            return node
        return exp.Between(this=_datetime(node.this), low=_datetime(node.args["low"]), high=_datetime(node.args["high"]))

    def among(self, node: exp.In) -> exp.Expr:
        """Dates as timestamps."""
        if not any(is_moment(value) for value in node.expressions):
            return node
        return exp.In(this=_datetime(node.this), expressions=[_datetime(value) for value in node.expressions])

    def truncated(self, node: exp.TimestampTrunc) -> exp.Expr:
        """By the modifiers of its date functions."""
        of = node.this
        match unit(node):
            case "HOUR":
                return call("STRFTIME", "%Y-%m-%d %H:00:00", of)
            case "WEEK":
                return _date(of, "-6 days", "weekday 1")
            case "QUARTER":
                past = modulo(plus(_number("%m", of.copy()), -1), 3)
                return _date(of, "start of month", call("PRINTF", "-%d months", past))
            case "MONTH" | "YEAR" as period:
                return _date(of, f"start of {period.lower()}")
        return _date(of)

    def part(self, node: exp.Extract) -> exp.Expr:
        """By the formats of STRFTIME."""
        part, of = node.name.upper(), node.expression
        if part == "QUARTER":
            return exp.Div(this=exp.paren(plus(_number("%m", of), 2)), expression=literal(3), typed=True)
        return self.weekday(of) if part == "ISODOW" else _number(_PARTS[part], of)

    def weekday(self, of: exp.Expr) -> exp.Expr:
        """%w is 0 for Sunday."""
        return plus(modulo(plus(_number("%w", of), 6), 7), 1)

    def shifted(self, node: exp.Add | exp.Sub) -> exp.Expr:
        """A modifier. From a day that the month does not have SQLite goes on into the next month, but never into the next year."""
        sign = "+" if isinstance(node, exp.Add) else "-"
        length = f"{sign}{whole(node.expression.this)} {unit(node.expression).lower()}s"
        if unit(node.expression) == "HOUR":
            return call("DATETIME", node.this, length)
        inside = unit(node.expression) != "DAY" and not _starts_month(node.this)
        if inside and not (isinstance(node.parent, exp.TimestampTrunc) and unit(node.parent) == "YEAR"):
            self.refuse("months from a day within a month")
        if not _is_date(node.this) and not isinstance(node.parent, exp.TimestampTrunc):
            self.refuse("days from a time of day")
        return _date(node.this, length)

    def series(self, of: Series) -> exp.Query:
        """By recursion; periods start on days that every month has."""
        return of.by_recursion(call("DATETIME" if of.timed else "DATE", of.period, f"+{of.n} {of.unit.lower()}s"))

    def days(self, node: exp.DateDiff) -> exp.Expr:
        """Between midnights."""
        days = exp.Sub(this=call("JULIANDAY", node.this), expression=call("JULIANDAY", node.expression))
        return exp.cast(days, exp.DType.INT)


def _aggregates(of: exp.Expr) -> bool:
    return any(not isinstance(found.parent, exp.Window) for found in of.find_all(exp.AggFunc))


def _date(of: exp.Expr, *modifiers: exp.Expr | str) -> exp.Anonymous:
    return call("DATE", of, *modifiers)


def _is_date(of: exp.Expr) -> bool:
    return (isinstance(of, exp.Anonymous) and of.name == "DATE") or (is_moment(of) and len(of.name) == len("YYYY-MM-DD"))


def _starts_month(of: exp.Expr) -> bool:
    """A month or a longer period is truncated, then moved by months or years if at all."""
    if not _is_date(of) or len(of.expressions) < 2:
        return False
    modifier = of.expressions[1].name
    return modifier.startswith("start of") or (modifier.endswith(("months", "years")) and _starts_month(of.expressions[0]))


def _datetime(of: exp.Expr) -> exp.Expr:
    if is_moment(of) and (when := iso(of.name)):
        return literal(f"{when:%Y-%m-%d %H:%M:%S}")
    return of if isinstance(of, exp.Anonymous) and of.name == "DATETIME" else call("DATETIME", of)


def _number(form: str, of: exp.Expr) -> exp.Expr:
    return exp.cast(call("STRFTIME", form, of), exp.DType.INT)
