using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// <c>loadgen doctor</c>: measures the timers and the limit of this client on this machine in about
/// five seconds, and says which results it can measure.
/// </summary>
internal sealed class DoctorCommand
{
    /// <summary>Half a second of 1000/s: 500 samples, of which five are above the p99.</summary>
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(1);

    /// <summary>Enough for the runtime to compile the hot path.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(200);

    private readonly Argument<TargetUrl?> _url = new("URL")
    {
        Description = "A server whose connect time and service time to measure too.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = ReadUrl,
    };

    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    public DoctorCommand(TextWriter output, TextWriter errors) =>
        (_output, _errors) = (output, errors);

    /// <summary>Makes the command with its argument and its action.</summary>
    public Command Make()
    {
        var command = new Command(
            "doctor",
            "Measures the timers and the limit of this client in 5 s, and says what to trust.");
        command.Add(_url);
        command.SetAction(parsed => EventLoop.Run(
            () => Examine(parsed.GetValue(_url)), LoopOptions()));
        return command;
    }

    /// <summary>The loop of a run, because its timers are what is measured.</summary>
    public static EventLoopOptions LoopOptions() => LoadLoop.Options("", "doctor");

    private async Coroutine<int> Examine(TargetUrl? url)
    {
        // A run ends early, and the child with it: by its default action the signal would leave it.
        Future<PosixSignal> interruption =
            EventLoop.Current.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        LoadResult? ofTarget = null;
        var machine = new MachineFacts();
        if (url is not null)
        {
            Say.Line(_errors, $"measuring {url.Text} …");
            LoadPlan plan = Plan(url, 1, s_short);
            var search = new TargetSearch(plan);
            try
            {
                EndPoint target = await search.Find();
                ofTarget = await Run(plan, target, interruption);
            }
            catch (SocketException error)
            {
                Say.Line(_errors, $"cannot reach {url.Text}: {search.Explain(error)}");
                return ExitCode.Unreachable;
            }
        }

        using var server = ServeChild.Start();
        Say.Line(_errors, "measuring the limit of this client …");
        LoadResult full = await Run(
            Plan(server.Url, 64, s_long), server.EndPoint, interruption);
        LoadResult single = await Run(
            Plan(server.Url, 1, s_short), server.EndPoint, interruption);
        var timers = new List<(IdleMode, Histogram)>();
        foreach (IdleMode idle in (IdleMode[])[IdleMode.Sleep, IdleMode.Hybrid, IdleMode.Spin])
        {
            Say.Line(_errors, $"measuring timers, --idle {idle.ToString().ToLowerInvariant()} …");
            LoadPlan paced = Plan(server.Url, 1, s_short) with
            {
                Idle = idle,
                Schedule = new Schedule(1000, [new Stage(s_warmUp + s_short, 1000)]),
            };
            LoadResult run = await Run(paced, server.EndPoint, interruption);
            timers.Add((idle, run.Times.Lateness));
        }

        if (interruption.IsDone)
        {
            return ExitCode.Interrupted;
        }

        var diagnosis = new Diagnosis
        {
            Machine = machine,
            Steal = MachineFacts.StealSince(machine.Cpu),
            Timers = timers,
            Full = full,
            Single = single,
            Target = ofTarget,
        };
        await _output.WriteAsync(diagnosis.Text());
        await _output.FlushAsync();
        return ExitCode.Ok;
    }

    private static LoadPlan Plan(TargetUrl url, int connections, TimeSpan duration) => new()
    {
        Url = url,
        Request = PreparedRequest.Make(url, "GET", []),
        Connections = connections,
        WarmUp = s_warmUp,
        Duration = duration,
        Drain = TimeSpan.Zero,
        Description = new RunDescription { Url = url.Text, Connections = connections },
    };

    private static async Coroutine<LoadResult> Run(
        LoadPlan plan, EndPoint target, Future interruption) =>
        await new LoadRun(plan, target, interruption).Run();

    private static TargetUrl? ReadUrl(ArgumentResult result)
    {
        if (!TargetUrl.TryParse(result.Tokens[^1].Value, out TargetUrl? url, out string? error))
        {
            result.AddError(error);
        }

        return url;
    }
}
