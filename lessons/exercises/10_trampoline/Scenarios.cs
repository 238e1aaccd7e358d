// What a trampoline is asked: order and results of nested calls, the way of a failure, the depth.
using System.Diagnostics;
using Reactor.Learn;

public static class Scenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("A body is resumed when the call that it awaits is done", log =>
        {
            Call inner = Leaf(log, "inner", 1);
            Call middle = Parent(log, "middle", inner);
            Call outer = Parent(log, "outer", middle);
            log.Write($"result {Trampoline.Run(outer)}");
        })
        {
            Right =
            [
                "outer begins", "middle begins", "inner begins",
                "middle goes on with 1", "outer goes on with 1", "result 1",
            ],
            // The queue alternates: outer, middle, outer; nothing has a result yet.
            Wrong =
            {
                ["10.2"] =
                [
                    "outer begins", "middle begins", "outer goes on with 0", "inner begins",
                    "middle goes on with 1", "result 0",
                ],
            },
        },
        new("A body awaits two calls, one after the other", log =>
        {
            Call first = Leaf(log, "first", 1);
            Call second = Leaf(log, "second", 2);
            Call sum = new(call => Sum(call, first, second));
            log.Write($"result {Trampoline.Run(sum)}");
        })
        {
            Right = ["first begins", "second begins", "result 3"],
        },
        new("The awaiting body can catch the failure of a call", log =>
        {
            Call failing = new(_ => Fail());
            Call outer = new(call => Catch(log, call, failing));
            log.Write(Outcome(outer));
        })
        {
            Right = ["caught", "result 7"],
            Wrong =
            {
                ["10.1"] = ["not caught", "result 8"],
                ["10.3"] = ["failed"],
            },
        },
        new("A failure passes each body on its way, and runs its finally", log =>
        {
            Call failing = new(_ => Fail());
            Call middle = new(call => Finally(log, call, failing));
            Call outer = new(call => Catch(log, call, middle));
            log.Write(Outcome(outer));
        })
        {
            Right = ["finally", "caught", "result 7"],
            Wrong =
            {
                ["10.1"] = ["finally", "not caught", "result 8"],
                ["10.2"] = ["not caught", "finally", "result 8"],
                ["10.3"] = ["failed"],
            },
        },
        new("The failure of the root leaves Run", log =>
        {
            Call failing = new(_ => Fail());
            log.Write(Outcome(Parent(log, "root", failing)));
        })
        {
            Right = ["root begins", "failed"],
            Wrong =
            {
                ["10.1"] = ["root begins", "root goes on with 0", "result 0"],
                ["10.5"] = ["root begins", "result 0"],
            },
        },
        new("The native stack at depth 200 is as deep as at depth 1", log =>
        {
            int shallow = NativeDepth(1);
            int deep = NativeDepth(200);
            log.Write(shallow == deep ? "as deep" : "deeper");
        })
        {
            Right = ["as deep"],
            Wrong = { ["10.4"] = ["deeper"] },
        },
    ];

    private static Call Leaf(Log log, string name, int value)
    {
        return new Call(Body);

        IEnumerator<Call> Body(Call call)
        {
            log.Write($"{name} begins");
            call.Result = value;
            yield break;
        }
    }

    private static Call Parent(Log log, string name, Call awaited)
    {
        return new Call(Body);

        IEnumerator<Call> Body(Call call)
        {
            log.Write($"{name} begins");
            yield return awaited;
            call.Result = awaited.Result;
            log.Write($"{name} goes on with {call.Result}");
        }
    }

    private static IEnumerator<Call> Sum(Call call, Call first, Call second)
    {
        yield return first;
        int sum = first.Result;
        yield return second;
        call.Result = sum + second.Result;
    }

    private static IEnumerator<Call> Fail(bool fails = true)
    {
        if (fails)
        {
            throw new IOException();
        }
        yield break;
    }

    private static IEnumerator<Call> Finally(Log log, Call call, Call awaited)
    {
        try
        {
            yield return awaited;
            call.Result = awaited.Result;
        }
        finally
        {
            log.Write("finally");
        }
    }

    private static IEnumerator<Call> Catch(Log log, Call call, Call awaited)
    {
        yield return awaited;
        try
        {
            call.Result = awaited.Result + 8;
            log.Write("not caught");
        }
        catch (IOException)
        {
            log.Write("caught");
            call.Result = 7;
        }
    }

    // The innermost of `depth` calls counts the frames of the native stack.
    private static int NativeDepth(int depth)
    {
        int frames = 0;
        Trampoline.Run(new Call(_ => Body(depth)));
        return frames;

        IEnumerator<Call> Body(int below)
        {
            if (below == 0)
            {
                frames = new StackTrace().FrameCount;
                yield break;
            }
            yield return new Call(_ => Body(below - 1));
        }
    }

    private static string Outcome(Call root)
    {
        try
        {
            return $"result {Trampoline.Run(root)}";
        }
        catch (IOException)
        {
            return "failed";
        }
    }
}
