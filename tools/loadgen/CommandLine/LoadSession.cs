using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// One measurement for the user: checks the outputs, finds the target, runs, judges, reports,
/// and returns the exit code. The first SIGINT or SIGTERM ends the run with its
/// report; the second ends the process with the system's default action. Loop thread only.
/// </summary>
internal sealed class LoadSession(RunSettings settings, TextWriter output, TextWriter errors)
{
    private readonly OutputFiles _files = new(settings.Output, output, errors);

    private LoadPlan Plan => settings.Plan;

    /// <summary>Runs the measurement and returns the exit code.</summary>
    public async Coroutine<int> Run()
    {
        EventLoop loop = EventLoop.Current;
        Future<PosixSignal> interruption =
            loop.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        if (_files.Check() is { } problem)
        {
            return Fail(ExitCode.Internal, problem);
        }

        ServerCostReader? server = settings.Judge.ServerReader();
        if (server?.Check() is { } unknown)
        {
            return Fail(ExitCode.Usage, unknown);
        }

        var search = new TargetSearch(Plan);
        LoopTask<EndPoint> target = loop.CreateTask(search.Find(), "find-target");
        await EventLoop.Wait<Future>([target, interruption], WaitUntil.FirstCompleted);
        try
        {
            return target.IsDone ? await RunAgainst(await target, interruption, server)
                : ExitCode.Interrupted;
        }
        catch (SocketException error)
        {
            return Fail(
                ExitCode.Unreachable, $"cannot load {Plan.Url.Text}: {search.Explain(error)}");
        }
    }

    /// <summary>Why no response of the window was a success.</summary>
    public static string Explain(LoadResult result, LoadPlan plan) =>
        result.Measured.Scheduled == 0 ? "no request was due in the window."
        : result.Measured.Completed > 0
            ? plan.Expectation is { Statuses.Count: 0, NeedsBody: false }
                ? $"no response with a status of 2xx or 3xx came from {plan.Url.Text}."
                : $"no response from {plan.Url.Text} was what is expected."
        : result.WarmUp.Completed > 0
            ? $"{plan.Url.Text} answered only the warm-up: no response came in the window."
            : $"no response came from {plan.Url.Text}.";

    private async Coroutine<int> RunAgainst(
        EndPoint target, Future interruption, ServerCostReader? server)
    {
        string opening = ReportText.Opening(settings.Output.Format, Plan.Description);
        if (_files.Begin(opening) is { } problem)
        {
            return Fail(ExitCode.Internal, problem);
        }

        ProgressLines? progress = Plan.IsQuiet ? null : new ProgressLines(errors);
        var run = new LoadRun(
            Plan,
            target,
            interruption,
            progress is null ? null : progress.Write,
            number => LoadLoop.Options(
                Plan.Description.Driver, FormattableString.Invariant($"loadgen-{number}")),
            server);
        LoadResult result = await run.Run();
        progress?.Finish();
        return Report(result with { Server = server?.Cost }, server?.Error);
    }

    private int Report(LoadResult result, string? serverError)
    {
        Judgement judgement = Judgement.Of(
            result, settings.Output.Percentiles, settings.Judge.Thresholds);
        bool isWritten = _files.Write(
            ReportText.Of(result, judgement, settings.Output),
            kind => ReportText.Of(kind, result, judgement, settings.Output));
        int exitCode = isWritten
            ? ExitCode.Of(result, judgement, settings.Judge.IsStrict)
            : ExitCode.Internal;
        if (serverError is not null)
        {
            Say.Line(errors, serverError);
        }

        if (Plan.Count is { } count && result.Measured.Scheduled < count && !result.IsInterrupted)
        {
            Say.Line(errors, FormattableString.Invariant(
                $"the run ended with {result.Measured.Scheduled} of the {count} requests of -n."));
        }

        if (judgement.InternalError is { } bug)
        {
            Say.Line(errors, $"this is a bug in loadgen: {bug}");
        }
        else if (judgement.WentAwayAt is { } end)
        {
            Say.Line(errors, $"the server went away at {TimeText.Seconds(end)}.");
        }
        else if (!result.HasSuccess && !(result.IsInterrupted && result.Measured.Scheduled == 0))
        {
            Say.Line(errors, Explain(result, Plan));
        }
        else if (settings.Output.Format != ReportFormat.Text && judgement.Verdict != Verdict.Valid)
        {
            // The other formats have no verdict, or none that a person reads.
            Say.Line(errors, $"{Verdicts.NameOf(judgement.Verdict)}: {judgement.Reason}");
        }

        return exitCode;
    }

    private int Fail(int exitCode, string sentence)
    {
        Say.Line(errors, sentence);
        return exitCode;
    }
}
