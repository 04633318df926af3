"""Nodes of a template as lines of Python; a list of them as a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.template import Context, Engine, Template, defaulttags, library, loader_tags
from django.template.base import Node, NodeList, TextNode, VariableNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString

from tsunagari.base.addresses import address
from tsunagari.base.pagecode import expressions, values
from tsunagari.base.pagecode.writing import Page

Writer = Callable[[Page, Any], None]
KNOWN = expressions.KNOWN | {
    "SafeString": SafeString,
    "address": address,
    "given": values.given,
    "items_of": values.items_of,
    "said": values.said,
    "unpacked": values.unpacked,
}


class Written(NodeList):
    """A list of nodes whose `render` is a function of its own. `alone`: none of them asks for state of its template."""

    def __init__(self, nodes: NodeList, title: str) -> None:
        super().__init__(nodes)
        self.contains_nontext = nodes.contains_nontext
        found = list(_all_of(nodes))
        self.alone = all(type(node) in STATELESS for node in found)
        page = Page(KNOWN, may_assign=any(map(_may_assign, found)))
        body(page, self)
        self.render: Any = page.function(title)


def write(template: Template) -> None:
    """Give every list of nodes in the template a function, those of its blocks too."""
    if not isinstance(template.nodelist, Written):
        template.nodelist = Written(template.nodelist, str(template.name))


def body(page: Page, nodes: Iterable[Any]) -> None:
    for node in nodes:
        WRITERS.get(type(node), _by_django)(page, node)


def _all_of(nodes: Iterable[Node]) -> Iterable[Node]:
    """Every node that is written into one function: those in branches and loops too."""
    for node in nodes:
        yield node
        if type(node) in WRITERS:
            for inner in getattr(node, "child_nodelists", ()):
                yield from _all_of(getattr(node, inner, None) or ())


def _may_assign(node: Node) -> bool:
    """Whether it may set a variable of the context that a loop set before."""
    if type(node) not in WRITERS:
        return not isinstance(node, loader_tags.BlockNode | defaulttags.CsrfTokenNode)
    names = (getattr(node, name, None) for name in ("target_var", "asvar", "varname", "takes_context"))
    return any(names)


def _by_django(page: Page, node: Node) -> None:
    """A node that is not known here: Django renders it, its own lists of nodes are functions again."""
    for name in node.child_nodelists:
        inner = getattr(node, name, None)
        if isinstance(inner, NodeList) and not isinstance(inner, Written):
            setattr(node, name, Written(inner, f"{type(node).__name__} of {node.origin}"))
    page.loop_asked = True
    page.line(f"add({page.constant(node)}.render_annotated(context))")


def _text(page: Page, node: Any) -> None:
    page.text(node.s)


def _nothing(page: Page, node: Node) -> None:
    """Comments, and what was done when the template was read."""


def _variable(page: Page, node: Any) -> None:
    page.line(f"add(said({expressions.value(page, node.filter_expression)}, context))")


def _if(page: Page, node: Any) -> None:
    _branches(page, list(node.conditions_nodelists))


def _branches(page: Page, left: list[tuple[Any, Any]]) -> None:
    (condition, nodes), *others = left
    if condition is None:
        body(page, nodes)
        return
    answer = page.fresh()
    with page.block("try:"):
        page.line(f"{answer} = {expressions.truth(page, condition)}")
    with page.block("except VariableDoesNotExist:"):
        page.line(f"{answer} = None")
    with page.block(f"if {answer}:"):
        body(page, nodes)
    if others:
        with page.block("else:"):
            _branches(page, others)


def _for(page: Page, node: Any) -> None:
    sequence = expressions.value(page, node.sequence, expressions.SILENT)
    items, item, number, one, layer = (page.fresh() for _ in range(5))
    before, outer, page.loop_asked = page.loop_asked, page.locals, False
    page.line(f"{items} = items_of({sequence})")
    page.line(f"{layer} = {{}}")
    page.line(f"dicts.append({layer})")
    with page.block(f"if len({items}):"):
        with (
            page.aside() as inside,
            page.block(f"for {number}, {item} in enumerate({_turned(node, items)}):"),
        ):
            page.line(f"# {one}")
            _each(page, node, item, layer)
        inside = _with_forloop(page, inside, (items, number, one, layer))
        page.place(inside)
    with page.block("else:"):
        page.locals = {name: held for name, held in outer.items() if name != "forloop"}
        body(page, node.nodelist_empty or ())
    page.line("dicts.pop()")
    page.locals, page.loop_asked = outer, page.loop_asked or before


def _turned(node: Any, items: str) -> str:
    return f"reversed({items})" if node.is_reversed else items


def _each(page: Page, node: Any, item: str, layer: str) -> None:
    """What is done with one item: its variables are set, its nodes written."""
    names = tuple(node.loopvars)
    page.locals = {name: held for name, held in page.locals.items() if name not in names}
    if len(names) > 1:
        page.line(f"dicts.append(unpacked({names!r}, {item}))")
    else:
        page.line(f"{layer}[{names[0]!r}] = {item}")
        if not page.may_assign:
            page.locals = page.locals | {names[0]: item}
    body(page, node.nodelist_loop)
    if len(names) > 1:
        page.line("dicts.pop()")


def _with_forloop(page: Page, lines: list[str], names: tuple[str, str, str, str]) -> list[str]:
    """The loop's lines, with `forloop` where something may ask for it."""
    items, number, one, layer = names
    mark = next(place for place, line in enumerate(lines) if line.strip() == f"# {one}")
    if not page.loop_asked:
        return lines[:mark] + lines[mark + 1 :]
    deep, deeper = "    " * page.depth, "    " * (page.depth + 1)
    length = f"len({items})"
    made = f"{deep}{one} = {layer}['forloop'] = {{'parentloop': outer_loop(dicts)}}"
    told = [
        f"{deeper}{one}['counter0'], {one}['counter'] = {number}, {number} + 1",
        f"{deeper}{one}['revcounter'], {one}['revcounter0'] = {length} - {number}, {length} - {number} - 1",
        f"{deeper}{one}['first'], {one}['last'] = {number} == 0, {number} == {length} - 1",
    ]
    return [made, *lines[:mark], *told, *lines[mark + 1 :]]


def outer_loop(dicts: values.Dicts) -> Any:
    """The `forloop` around this one."""
    return next((layer["forloop"] for layer in reversed(dicts) if "forloop" in layer), {})


KNOWN["outer_loop"] = outer_loop


def _with(page: Page, node: Any) -> None:
    page.line(f"dicts.append({_pairs(page, node.extra_context)})")
    outer = page.locals
    page.locals = {name: held for name, held in outer.items() if name not in node.extra_context}
    body(page, node.nodelist)
    page.locals = outer
    page.line("dicts.pop()")


def _pairs(page: Page, expected: dict[str, Any]) -> str:
    """A dict display of names and what they say."""
    found = {name: expressions.value(page, expression) for name, expression in expected.items()}
    return f"{{{', '.join(f'{name!r}: {held}' for name, held in found.items())}}}"


class Included:
    """The template that an `include` names, found at the first page that shows it."""

    def __init__(self, node: Any) -> None:
        self.node, self.found = node, dict[str, Template]()

    def __call__(self, named: Any, context: Context) -> str:
        template = self.found.get(named)
        if template is None:
            if not isinstance(named, str):  # a template itself, or several to choose from
                raise TypeError(f"include needs the name of a template, not {type(named).__name__}")
            name = loader_tags.construct_relative_path(self.node.origin.template_name, named)
            template = self.found[named] = _engine(context).get_template(name)
        return rendered(template, context)


def _engine(context: Any) -> Engine:
    engine: Engine = context.template.engine
    return engine


def rendered(template: Template, context: Context) -> str:
    """A part of a page. State of a template's own is only set up for nodes that keep some."""
    nodes = template.nodelist
    if isinstance(nodes, Written) and nodes.alone:
        written: str = nodes.render(context)
        return written
    return template.render(context)


def _include(page: Page, node: Any) -> None:
    called = page.constant(Included(node))
    named = expressions.value(page, node.template)
    pairs = _pairs(page, node.extra_context)
    if node.isolated_context:
        page.line(f"add({called}({named}, context.new({pairs})))")
        return
    page.loop_asked = True
    page.line(f"dicts.append({pairs})")
    page.line(f"add({called}({named}, context))")
    page.line("dicts.pop()")


def _call(page: Page, node: Any) -> str:
    """The call of a tag's own function."""
    given = ["context"] if node.takes_context else []
    given += [expressions.value(page, one) for one in node.args]
    if node.kwargs:
        given.append(f"**{_pairs(page, node.kwargs)}")
    return f"{page.constant(node.func)}({', '.join(given)})"


def _simple(page: Page, node: Any) -> None:
    code = _call(page, node)
    if node.target_var is None:
        page.line(f"add(given({code}, context))")
    else:
        page.line(f"dicts[-1][{node.target_var!r}] = {code}")


class Inclusion:
    """The template of an inclusion tag with what its function says."""

    def __init__(self, node: Any) -> None:
        self.node = node
        self.template: Template | None = None

    def __call__(self, said: dict[str, Any], context: Context) -> str:
        template = self.template
        if template is None:
            template = self.template = _engine(context).get_template(self.node.filename)
        inner = context.new(said)
        token = context.get("csrf_token")
        if token is not None:
            inner["csrf_token"] = token
        return rendered(template, inner)


def _inclusion(page: Page, node: Any) -> None:
    if not isinstance(node.filename, str):
        _by_django(page, node)
        return
    page.line(f"add({page.constant(Inclusion(node))}({_call(page, node)}, context))")


def _url(page: Page, node: Any) -> None:
    """Addresses without a namespace, by place; the rest is Django's."""
    name = node.view_name.var
    if node.kwargs or node.asvar or node.view_name.is_var or node.view_name.filters or ":" in name:
        _by_django(page, node)
        return
    args = "".join(f"{expressions.value(page, one)}, " for one in node.args)
    page.line(f"add(given(address({page.constant(str(name))}, ({args})), context))")


class Static:
    """The address of a file of ours, remembered: it changes with the installation alone."""

    def __init__(self, node: Any) -> None:
        self.node, self.said = node, ""

    def __call__(self, context: Context) -> str:
        if not self.said:
            self.said = self.node.render(context)
        return self.said


def _static(page: Page, node: Any) -> None:
    if node.varname or node.path.is_var or node.path.filters:
        _by_django(page, node)
        return
    page.line(f"add({page.constant(Static(node))}(context))")


WRITERS: dict[type[Node], Writer] = {
    TextNode: _text,
    VariableNode: _variable,
    StaticNode: _static,
    defaulttags.CommentNode: _nothing,
    defaulttags.ForNode: _for,
    defaulttags.IfNode: _if,
    defaulttags.LoadNode: _nothing,
    defaulttags.URLNode: _url,
    defaulttags.WithNode: _with,
    library.InclusionNode: _inclusion,
    library.SimpleNode: _simple,
    loader_tags.IncludeNode: _include,
}
STATELESS = {*WRITERS, defaulttags.CsrfTokenNode}
