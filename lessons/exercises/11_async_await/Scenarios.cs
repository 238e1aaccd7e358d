// What awaiter and builder are asked: when a coroutine runs, where its state is, how it fails.
using System.Runtime.CompilerServices;
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("A coroutine runs to its first wait in the call, and goes on in a turn", log =>
        {
            Loop.Clear();
            var future = new Future<int>();
            _ = Run();
            log.Write("the call has returned");
            future.SetResult(42);
            Loop.RunTurn();

            async Coroutine Run()
            {
                log.Write("begins");
                log.Write($"goes on with {await future}");
            }
        })
        {
            Right = ["begins", "the call has returned", "goes on with 42"],
        },
        new("SetResult returns before the coroutine goes on", log =>
        {
            Loop.Clear();
            var future = new Future<int>();
            _ = Run();
            future.SetResult(42);
            log.Write("SetResult has returned");
            Loop.RunTurn();

            async Coroutine Run() => log.Write($"goes on with {await future}");
        })
        {
            Right = ["SetResult has returned", "goes on with 42"],
            Wrong = { ["11.2"] = ["goes on with 42", "SetResult has returned"] },
        },
        new("An await of a future that is done does not suspend", log =>
        {
            Loop.Clear();
            var future = new Future<int>();
            future.SetResult(42);
            _ = Run();
            log.Write("the call has returned");
            Loop.RunTurn();

            async Coroutine Run() => log.Write($"goes on with {await future}");
        })
        {
            Right = ["goes on with 42", "the call has returned"],
            Wrong = { ["11.4"] = ["the call has returned", "goes on with 42"] },
        },
        new("The state machine is copied to the heap once", log =>
        {
            Loop.Clear();
            var probe = new Probe();
            _ = Run();
            probe.Resume();
            probe.Resume();
            int machines = probe.Machines.Distinct(ReferenceEqualityComparer.Instance).Count();
            log.Write($"machines for 3 awaits: {machines}");

            async Coroutine Run()
            {
                await probe;
                await probe;
                await probe;
            }
        })
        {
            Right = ["machines for 3 awaits: 1"],
            Wrong = { ["11.1"] = ["machines for 3 awaits: 3"] },
        },
        new("A future that fails throws at the await", log =>
        {
            Loop.Clear();
            var future = new Future<int>();
            _ = Run();
            future.SetException(new IOException("reset"));
            Loop.RunTurn();

            async Coroutine Run()
            {
                try
                {
                    log.Write($"goes on with {await future}");
                }
                catch (IOException error)
                {
                    log.Write($"catches {error.Message}");
                }
            }
        })
        {
            Right = ["catches reset"],
            Wrong = { ["11.5"] = ["goes on with 0"] },
        },
        new("What leaves a coroutine reaches the coroutine that awaits it", log =>
        {
            Loop.Clear();
            var future = new Future<int>();
            _ = Outer();
            future.SetResult(42);
            for (int turn = 0; turn < 3; turn++)
            {
                Loop.RunTurn();
            }

            async Coroutine Outer()
            {
                try
                {
                    log.Write($"outer has {await Inner()}");
                }
                catch (IOException error)
                {
                    log.Write($"outer catches {error.Message}");
                }
            }

            async Coroutine Inner()
            {
                log.Write($"inner has {await future}");
                throw new IOException("disk full");
            }
        })
        {
            Right = ["inner has 42", "outer catches disk full"],
            Wrong =
            {
                ["11.3"] = ["inner has 42", "outer has True"],
                ["11.5"] = ["inner has 42", "outer has False"],
                ["11.6"] = ["inner has 42", "(IOException)"],
            },
        },
        new("Two coroutines wait for the same future", log =>
        {
            Loop.Clear();
            var future = new Future<int>();
            _ = Run("first");
            _ = Run("second");
            future.SetResult(42);
            Loop.RunTurn();

            async Coroutine Run(string name) => log.Write($"{name} has {await future}");
        })
        {
            Right = ["first has 42", "second has 42"],
            Wrong = { ["11.7"] = ["second has 42"] },
        },
        new("Locals live across waits", log =>
        {
            Loop.Clear();
            Future<int>[] futures = [new(), new(), new()];
            Coroutine run = Run();
            log.Write($"done: {run.Done.IsCompleted}");
            for (int i = 0; i < futures.Length; i++)
            {
                futures[i].SetResult(i + 1);
                Loop.RunTurn();
            }

            log.Write($"done: {run.Done.IsCompleted}");

            async Coroutine Run()
            {
                int sum = 0;
                foreach (Future<int> future in futures)
                {
                    sum += await future;
                }

                log.Write($"sum {sum}");
            }
        })
        {
            Right = ["done: False", "sum 6", "done: True"],
            Wrong = { ["11.4"] = ["done: False", "sum 6", "done: False"] },
        },
    ];

    // An awaiter that keeps the machine behind each resume.
    private sealed class Probe : INotifyCompletion
    {
        private Action _resume = () => { };

        public List<object?> Machines { get; } = [];

        public bool IsCompleted => false;

        public Probe GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action resume)
        {
            _resume = resume;
            Machines.Add(resume.Target);
        }

        public void Resume() => _resume();
    }
}
