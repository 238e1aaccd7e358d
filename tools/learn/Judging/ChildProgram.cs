using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Reactor.Learn;

/// <summary>
/// The child's side of a judgement: reads the compiled answer from standard input, runs its
/// scenarios one after the other, each on a thread of its own, and writes messages to standard
/// output. A run that does not end is reported, and no further one begins: the parent ends this
/// process, and runs the rest in another.
/// </summary>
internal sealed class ChildProgram
{
    /// <summary>The first argument of a child.</summary>
    public const string Verb = "judge-child";

    /// <summary>More lines are (endless): no exercise needs as many.</summary>
    public const int LinesMax = 200;

    /// <summary>Small, so that an endless recursion ends soon.</summary>
    private const int StackBytes = 1 << 20;

    private readonly ChildRequest _request;
    private readonly Stream _output;
    private readonly byte[] _key;
    private readonly PrintedText _printed = new();

    private ChildProgram(ChildRequest request, Stream output)
    {
        _request = request;
        _output = output;
        _key = Encoding.UTF8.GetBytes(request.Key);
    }

    public static int Run()
    {
        using Stream input = Console.OpenStandardInput();
        ChildRequest request = JsonSerializer.Deserialize(
            ReadLine(input), ChildJson.Default.ChildRequest)!;
        byte[] assembly = new byte[request.AssemblyBytes];
        byte[] symbols = new byte[request.SymbolsBytes];
        input.ReadExactly(assembly);
        input.ReadExactly(symbols);
        var program = new ChildProgram(request, Console.OpenStandardOutput());
        Console.SetOut(program._printed);
        Console.SetError(program._printed);
        Console.SetIn(TextReader.Null);
        program.RunAll(Assembly.Load(assembly, symbols));
        return 0;
    }

    private static byte[] ReadLine(Stream input)
    {
        var line = new List<byte>();
        for (int next = input.ReadByte(); next is not (-1 or '\n'); next = input.ReadByte())
        {
            line.Add((byte)next);
        }

        return [.. line];
    }

    private void RunAll(Assembly answer)
    {
        if (ReadScenarios(answer) is not { } scenarios)
        {
            return;
        }

        Send(new ChildMessage
        {
            Scenarios =
            [
                .. scenarios.Select(one => new ScenarioFacts
                {
                    Title = one.Title,
                    Right = one.Right,
                    Wrong = one.Wrong,
                    Schedules = one.Schedules,
                }),
            ],
        });
        for (int i = _request.From; i < scenarios.Length; i++)
        {
            int runs = scenarios[i].Schedules ? _request.Schedules : 1;
            for (int schedule = 0; schedule < runs; schedule++)
            {
                if (!RunOnce(i, scenarios[i], unchecked(_request.Seed + schedule)))
                {
                    return;
                }
            }
        }

        Send(new ChildMessage { Done = true, Printed = _printed.Take() });
    }

    private Scenario[]? ReadScenarios(Assembly answer)
    {
        try
        {
            object? all = answer.GetType("Scenarios")
                ?.GetProperty("All", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
            if (all is IEnumerable<Scenario> scenarios)
            {
                return [.. scenarios];
            }

            Send(new ChildMessage
            {
                Broken = "Scenarios.cs has no public static IEnumerable<Scenario> Scenarios.All.",
            });
        }
        catch (TargetInvocationException error)
        {
            Send(new ChildMessage { Broken = $"Scenarios.All failed: {error.InnerException}" });
        }

        return null;
    }

    // False if the run did not end.
    private bool RunOnce(int index, Scenario scenario, int seed)
    {
        Send(new ChildMessage { Begin = index, Seed = scenario.Schedules ? seed : null });
        var run = new ScenarioRun(scenario, seed, line => Send(new ChildMessage { Line = line }));
        var thread = new Thread(run.Run, StackBytes) { IsBackground = true, Name = "scenario" };
        double limitMs = Math.Min(scenario.Limit.TotalMilliseconds, _request.LimitMs);
        thread.Start();
        bool ended = run.Wait(TimeSpan.FromMilliseconds(limitMs));
        Send(new ChildMessage
        {
            End = run.Finish(),
            Detail = run.Detail,
            Printed = _printed.Take(),
        });
        return ended;
    }

    private void Send(ChildMessage message)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(message, ChildJson.Default.ChildMessage);
        // The line break before it ends a line that the answer has written around the console.
        byte[] line = [(byte)'\n', .. _key, .. json, (byte)'\n'];
        lock (_output)
        {
            _output.Write(line);
            _output.Flush();
        }
    }
}
