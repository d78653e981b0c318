"""How a value becomes part of a page: as text that is safe in HTML, with no object made for it on the way.

Jinja wraps what it escapes in `Markup`, so that nothing escapes it twice. What is printed is joined and forgotten, so
there the wrapping is work for nothing: on the list page it took as long as its statements. A block is joined where it
stands, for Jinja hands each piece of it through every frame round it. A field is read by Python itself, without a call
that every field of every row would pay for. What all templates know is one plain `dict` for
each, for Jinja looks through all of it at every page and at every import.
"""

from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import markupsafe
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame

# Markupsafe keeps what works on text to itself; without it a page is as right, and slower.
_escaped: Callable[[str], str] = vars(markupsafe).get("_escape_inner", markupsafe.escape)


def printed(value: Any) -> str:
    """Give a value as HTML, escaped unless it is HTML already."""
    kind = type(value)
    if kind is str:
        return _escaped(value)
    # A whole number has nothing to escape, and pages print many.
    return str(value) if kind is int else markupsafe.escape(value)


class _Printing(CodeGenerator):
    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 # Jinja's name.
        """Write the reading of a field: Python's own, and Jinja's only where the thing has no such field."""
        if self.environment.is_async:
            super().visit_Getattr(node, frame)
            return
        self.write("(_field if (_field := getattr((_thing := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr(_thing, {node.attr!r}))")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        outermost = frame.block_frame and frame.buffer is None
        if outermost:
            self.buffer(frame)
        super().blockvisit(nodes, frame)
        if outermost:
            self.writeline(f"yield concat({frame.buffer})")


def install(environment: Environment) -> None:
    """Let the templates of an environment print so; to be called before the first is read."""
    environment.code_generator_class = _Printing

    def known(given: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**environment.globals, **(given or {})}

    vars(environment).update(printed=printed, make_globals=known)
