"""Small wrong changes to a module's source: comparisons, arithmetic, logic, constants, returns."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong change: the line it is on, what it says there, and what is made of it.

    place and variant: which node, in order, and which of its changes; -1 changes nothing.
    """

    module: str
    line: int
    text: str
    change: str
    place: int = -1
    variant: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it when lines move."""
        return self.module, self.text, self.change

    def tree(self) -> ast.Module:
        """The module with the change made."""
        tree = ast.parse(source_of(self.module).read_text(encoding="utf-8"))
        if self.place >= 0:
            node = list(_order(tree))[self.place]
            _replace(tree, node, list(_variants(node))[self.variant][1])
        return ast.fix_missing_locations(tree)


def source_of(module: str) -> Path:
    """The file of a module of ours."""
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


def mutants(module: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines.

    Annotations, decorators, docstrings and the words of error messages are left alone.
    """
    source = source_of(module).read_text(encoding="utf-8")
    lines = source.splitlines()
    made: list[Mutant] = []
    for place, node in enumerate(_order(ast.parse(source))):
        for variant, (change, _) in enumerate(_variants(node)):
            line = getattr(node, "lineno", 0)
            made.append(Mutant(module, line, lines[line - 1].strip(), change, place, variant))
    return made


def _order(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes that may be changed, depth first."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "type_params", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr | ast.TypeAlias):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue  # a docstring
            yield child
            yield from _order(child)


type Variant = tuple[str, ast.AST]


def _variants(node: ast.AST) -> Iterator[Variant]:
    """What a node may become, with a name for each change."""
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                for other in COMPARISONS.get(type(op), ()):
                    new = copy.copy(node)
                    new.ops = [*ops[:i], other(), *ops[i + 1 :]]
                    yield f"{_name(op)} to {other.__name__} ({i + 1})", new
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in ARITHMETIC:
            calm = copy.copy(node)
            calm.op = ARITHMETIC[type(op)]()
            yield f"{_name(op)} to {_name(calm.op)}", calm
        case ast.BoolOp(op=op):
            flipped = copy.copy(node)
            flipped.op = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{_name(op)} to {_name(flipped.op)}", flipped
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not removed", operand
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield "minus removed", operand
        case ast.Constant(value=bool() as value):
            yield f"{value} to {not value}", ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield f"{value} to {value + 1}", ast.Constant(value + 1)
        case ast.Constant(value=str() as value):
            yield f"{value!r} to {value + 'X'!r}", ast.Constant(value + "X")
        case ast.Return(value=ast.expr() as value) if not _nothing(value):
            yield "returns None", ast.Return(ast.Constant(None))
        case ast.If(test=ast.Name() | ast.Attribute() | ast.Call()):
            yield "if to if not", _negated(node)
        case ast.Expr(value=ast.Call()):
            yield "call left out", ast.Pass()


def _negated(node: ast.If) -> ast.If:
    new = copy.copy(node)
    new.test = ast.UnaryOp(ast.Not(), node.test)
    return new


def _nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _name(op: ast.AST) -> str:
    return type(op).__name__


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    ast.copy_location(new, old)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
                return
            if isinstance(value, list):
                for i, item in enumerate(value):
                    if item is old:
                        value[i] = new
                        return
    raise AssertionError("the node to change is not in its tree")
