"""Runs the code cells of a notebook in order, with top-level await as Jupyter has it: run-notebook.py FILE"""
import ast
import asyncio
import inspect
import json
import sys

import matplotlib

matplotlib.use("Agg")


async def main(path):
    names = {"__name__": "__main__"}
    with open(path, encoding="utf-8") as file:
        cells = json.load(file)["cells"]
    for number, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        code = compile("".join(cell["source"]), f"cell {number}", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(code, names)
        if inspect.iscoroutine(result):
            await result


asyncio.run(main(sys.argv[1]))
