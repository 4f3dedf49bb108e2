"""What requests for products and answers about them look like."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from microgt.product.written import Written
from microgt.products.contract import Check
from microgt.products.manifest import Described
from microgt.serve.models import AS_OF, DB, Cell, GivenSpec, _Given
from microgt.spec.types import Spec

Text = Annotated[str, Field(max_length=500)]
NAME = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9_-]{0,63}$", description="small letters, digits, - and _")]
_Finite = Annotated[float, Field(allow_inf_nan=False)]


class Canvas(_Given):
    """What a product is for: the decision that it serves, its user, the action taken, how often."""

    decision: Text = ""
    user: Text = ""
    action: Text = ""
    cadence: Text = ""


class Value(_Given):
    """What it is worth. confidence: 0 to 1, in the estimate. By score, else estimate x confidence / effort, products are ranked."""

    driver: Text = ""
    estimate: Text | _Finite | None = None
    confidence: float | None = Field(default=None, ge=0, le=1)
    effort_days: float | None = Field(default=None, gt=0, le=1e6)
    score: _Finite | None = None


class DescribedIn(_Given):
    """What people say of it; what is left out stays as the version before had it."""

    title: Text = ""
    owner: Text = ""
    access: list[Text] = Field(default=[], max_length=100, description="who may see it; by default as before, at first `everyone`")
    canvas: Canvas = Canvas()
    value: Value = Value()

    @property
    def described(self) -> Described:
        """As products know it."""
        canvas = {name: text for name, text in self.canvas.model_dump().items() if text}
        value = {name: said for name, said in self.value.model_dump().items() if said not in ("", None)}
        return Described(self.title, self.owner, tuple(self.access), canvas, value)


class ProductToDeploy(DescribedIn):
    """A spec that is to be kept as a product. With the same spec a new version must hold what the one before promised."""

    name: NAME
    db: DB = None
    spec: GivenSpec
    state: Literal["draft", "prototype", "deployed"] = Field(
        default="deployed", description="how far it is: a draft is not run, a prototype may fail"
    )
    checks: list[Check] = Field(default=[], max_length=100, description="promised besides what the rows show")
    as_of: AS_OF = None
    replace: bool = Field(default=False, description="make a new version when there is a product of that name")
    drop_checks: bool = Field(default=False, description="hold nothing that was promised before; `checks` are new ones")


class Rollback(_Given):
    """To which version; by default the one deployed before."""

    to: int | None = Field(default=None, ge=1, le=10**9)


class Thumb(_Given):
    """What a reader thinks of a product."""

    thumb: Literal["up", "down"]


class Uses(BaseModel):
    """How often a product was looked at and given another spec, and what its readers think of it."""

    view: int
    edit: int
    up: int
    down: int


class Kept(BaseModel):
    """A version that is kept. broken: what a prototype does not hold. lost: what is no longer checked, because its columns are gone."""

    name: str
    version: int
    state: Literal["draft", "prototype", "deployed"]
    page: str | None = Field(description="the address of its page")
    broken: list[str]
    lost: list[str]


class ProductOut(BaseModel):
    """A product: what is deployed of it, else its newest version."""

    name: str
    state: Literal["draft", "prototype", "deployed", "retired"]
    version: int
    versions: list[int]
    title: str
    owner: str
    score: float | None = Field(description="by which products are ranked")
    rows: int | None
    tables: list[str] = Field(description="that it reads")
    made: str
    page: str | None = Field(description="the address of its page")
    uses: Uses
    minutes: float | None = Field(description="from the question until it was first deployed; null when the log does not say")
    events: list[str] = Field(description="what has happened to it, the oldest first")


class ProductDetail(ProductOut):
    """A product with all that it shows and promises."""

    words: str
    db: str | None = Field(description="the database it is made from, when that is served")
    data_version: str
    spec: Spec
    sql: str
    chart: dict[str, Any] | None = Field(description="Vega-Lite; null when its spec asks for none")
    chart_note: str = Field(description="which rows are not drawn; empty when all are")
    columns: list[str]
    written: list[Written] = Field(description="how the numbers of each column are written")
    cells: list[list[Cell]] = Field(description="the first rows; all of them are in its data")
    forecast: dict[str, Any] | None
    promised: list[str] = Field(description="the checks of its contract, in words")
    broken: list[str]
    canvas: dict[str, str]
    value: dict[str, str | float]
