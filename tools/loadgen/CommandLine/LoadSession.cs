using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// One measurement for the user: resolves the target, runs, prints, and returns the exit code. The
/// first SIGINT or SIGTERM ends the run with its report; the second ends the process with the
/// system's default action. Loop thread only.
/// </summary>
internal sealed class LoadSession(LoadPlan plan, TextWriter output, TextWriter errors)
{
    /// <summary>Runs the measurement and returns the exit code.</summary>
    public async Coroutine<int> Run()
    {
        EventLoop loop = EventLoop.Current;
        Future<PosixSignal> interruption =
            loop.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
        EndPoint target;
        try
        {
            target = await Connector.FindTarget(plan.Url, plan.Timeout);
        }
        catch (SocketException error)
        {
            return Fail(ExitCode.Unreachable, $"cannot load {plan.Url.Text}: {Explain(error)}");
        }

        await output.WriteAsync(TextReport.Opening(plan.Description));
        await output.FlushAsync();
        var progress = new ProgressLines(loop, errors);
        var run = new LoadRun(plan, target, interruption, plan.IsQuiet ? null : progress.Write);
        LoadResult result = await run.Run();
        await progress.Finish();
        await output.WriteAsync(TextReport.Summary(result));
        await output.FlushAsync();
        return result switch
        {
            { IsInterrupted: true } => ExitCode.Interrupted,
            { HasSuccess: false } => Fail(
                ExitCode.Unreachable,
                $"no response with a status of 2xx or 3xx came from {plan.Url.Text}."),
            _ => ExitCode.Ok,
        };
    }

    private string Explain(SocketException error) => error.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => FormattableString.Invariant(
            $"no server listens on port {plan.Url.Port} of {plan.Url.Host}."),
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData =>
            $"the host name '{plan.Url.Host}' is not known.",
        SocketError.TimedOut =>
            $"{plan.Url.Host} did not respond within {DurationText.Format(plan.Timeout)}.",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
            $"{plan.Url.Host} is unreachable: no route.",
        _ => error.Message,
    };

    private int Fail(int exitCode, string sentence)
    {
        Say.Line(errors, sentence);
        return exitCode;
    }
}
