// What counters on several loops are asked. The loops run one after the other on one thread; a cell
// knows its loop, and reports a use on another one.
using Reactor.Learn;

/// <summary>The memory of one loop.</summary>
public sealed class Cell(Action use)
{
    private int _value;

    /// <summary>Is called once, behind a read: what another loop does meanwhile.</summary>
    public Action? Meanwhile { get; set; }

    public int Value
    {
        get
        {
            use();
            int value = _value;
            Action? meanwhile = Meanwhile;
            Meanwhile = null;
            meanwhile?.Invoke();
            return value;
        }
        set
        {
            use();
            _value = value;
        }
    }

    /// <summary>For the scenario.</summary>
    public int Peek() => _value;
}

public static class Scenarios
{
    private const string Foreign = "loop 1 uses the cell of loop 0";

    public static IEnumerable<Scenario> All =>
    [
        new("Each loop counts in its own cell", log =>
        {
            var loops = new Loops(log, 2);
            loops.Count(0, 1);
            loops.Count(1, 2);
            log.Write($"cells: {loops.Cells[0].Peek()} {loops.Cells[1].Peek()}");
        })
        {
            Right = ["cells: 1 2"],
            Wrong = { ["24.1"] = [Foreign, "cells: 3 0"] },
        },
        new("No count is lost when two loops count at the same time", log =>
        {
            var loops = new Loops(log, 2);
            loops.Cells[0].Meanwhile = () => loops.Count(1, 1);
            loops.Count(0, 1);
            log.Write($"counted: {loops.Cells.Sum(cell => cell.Peek())}");
        })
        {
            Right = ["counted: 2"],
            Wrong = { ["24.1"] = [Foreign, "counted: 1"] },
        },
        new("The total is asked by messages, and answered on the asker's loop", log =>
        {
            var loops = new Loops(log, 2);
            loops.Count(0, 1);
            loops.Count(1, 2);
            loops.Ask(0);
            log.Write("asked");
            loops.RunUntilIdle();
        })
        {
            Limit = TimeSpan.FromMilliseconds(400),
            Right = ["asked", "loop 0: total 3"],
            Wrong =
            {
                ["24.1"] = [Foreign, "asked", "loop 0: total 3"],
                ["24.2"] = ["loop 0 uses the cell of loop 1", "loop 0: total 3", "asked"],
                ["24.3"] = ["asked", "loop 1: total 3"],
                ["24.4"] = ["(endless)"],
            },
        },
        new("Two loops ask at the same time", log =>
        {
            var loops = new Loops(log, 2);
            loops.Count(0, 1);
            loops.Count(1, 2);
            var answers = new List<string>(); // either may come first
            loops.Ask(0, answers.Add);
            loops.Ask(1, answers.Add);
            log.Write("asked");
            loops.RunUntilIdle();
            answers.Order(StringComparer.Ordinal).ToList().ForEach(log.Write);
        })
        {
            Limit = TimeSpan.FromMilliseconds(400),
            Right = ["asked", "loop 0: total 3", "loop 1: total 3"],
            Wrong =
            {
                ["24.1"] = [Foreign, "asked", "loop 0: total 3", "loop 1: total 3"],
                ["24.2"] =
                [
                    "loop 0 uses the cell of loop 1", "loop 1 uses the cell of loop 0",
                    "asked", "loop 0: total 3", "loop 1: total 3",
                ],
                ["24.3"] = ["asked", "loop 1: total 3", "loop 1: total 3"],
                ["24.4"] = ["(endless)"],
                ["24.5"] = ["asked", "loop 0: total 2", "loop 1: total 4"],
            },
        },
        new("The shares of a limit sum up to it", log =>
        {
            var loops = new Loops(log, 3);
            int[] shares = [.. Enumerable.Range(0, 3).Select(i => loops.Counters.Share(10, i))];
            log.Write(string.Join(" + ", shares));
        })
        {
            Right = ["4 + 3 + 3"],
            Wrong = { ["24.6"] = ["3 + 3 + 3"], ["24.7"] = ["10 + 10 + 10"] },
        },
    ];

    private sealed class Loops
    {
        private readonly Log _log;
        private readonly List<Action>[] _queues;
        private readonly HashSet<(int Loop, int Cell)> _reported = [];
        private int _current;

        public Loops(Log log, int count)
        {
            _log = log;
            _queues = [.. Enumerable.Range(0, count).Select(_ => new List<Action>())];
            Cells = [.. Enumerable.Range(0, count).Select(i => new Cell(() => Use(i)))];
            Counters = new Counters(Cells, (loop, callback) => _queues[loop].Add(callback));
        }

        public Cell[] Cells { get; }

        public Counters Counters { get; }

        public void Count(int loop, int times)
        {
            for (int i = 0; i < times; i++)
            {
                RunOn(loop, () => Counters.Count(loop));
            }
        }

        public void Ask(int loop, Action<string>? answer = null) => RunOn(loop, () =>
            Counters.AskTotal(
                loop, sum => (answer ?? _log.Write)($"loop {_current}: total {sum}")));

        // Round by round; in each, every loop runs what it had at the begin of its part.
        public void RunUntilIdle()
        {
            while (_queues.Any(queue => queue.Count > 0))
            {
                for (int i = 0; i < _queues.Length; i++)
                {
                    List<Action> batch = _queues[i];
                    _queues[i] = [];
                    RunOn(i, () => batch.ForEach(callback => callback()));
                }
            }
        }

        private void RunOn(int loop, Action callback)
        {
            int before = _current;
            _current = loop;
            callback();
            _current = before;
        }

        private void Use(int cell)
        {
            if (cell != _current && _reported.Add((_current, cell)))
            {
                _log.Write($"loop {_current} uses the cell of loop {cell}");
            }
        }
    }
}
