#!/bin/sh
# Runs the cells of tour.ipynb and stores their outputs in it, without what differs from host to
# host. With --check: runs them as plain Python, for hosts without Jupyter, and stores nothing.
# usage: [BUILD=build] analysis/notebook.sh [--check]
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
if [ "${1:-}" = --check ]; then
    MPLBACKEND=agg exec "$python" -B - <<'END'
import json
cells = json.load(open("analysis/tour.ipynb"))["cells"]
for cell in cells:
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), cell["id"], "exec"), globals())
END
fi
"$python" -m nbconvert --to notebook --execute --inplace --log-level=ERROR analysis/tour.ipynb
"$python" -B - <<'END'
import json
path = "analysis/tour.ipynb"
book = json.load(open(path))
for cell in book["cells"]:
    cell["metadata"] = {}  # times of execution
book["metadata"] = {"kernelspec": {"display_name": "Python 3", "language": "python",
                                   "name": "python3"}, "language_info": {"name": "python"}}
json.dump(book, open(path, "w"), indent=1, ensure_ascii=False)
open(path, "a").write("\n")
END
