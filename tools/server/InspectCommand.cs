using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Inspector;
using Reactor.Recording;

namespace Reactor.Tools.Server;

/// <summary>
/// The command <c>reactor inspect</c>: shows a recording in the browser, step by step, until a
/// signal ends it.
/// </summary>
internal sealed class InspectCommand
{
    private readonly Argument<string> _file = TraceSource.File();

    private readonly Option<int> _port = new("--port")
    {
        Description = "Port of the page on the loopback address: from 0 to 65535. Port 0 picks a "
            + "free port.",
        HelpName = "PORT",
        DefaultValueFactory = _ => 0,
        CustomParser = OptionValues.Whole(0, 65535),
    };

    /// <summary>Adds the options and the action.</summary>
    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_port);
        command.SetAction(Inspect);
    }

    private int Inspect(ParseResult parsed)
    {
        int port = parsed.GetValue(_port);
        if (!TraceSource.TryRead(parsed.GetValue(_file)!, out LoopTrace? trace, out int exitCode))
        {
            return exitCode;
        }

        try
        {
            using RecordedInspector inspector = RecordedInspector.Open(
                trace, new InspectorOptions { Port = port });
            Console.WriteLine($"Inspector at {inspector.Url}");
            Console.WriteLine("Press Ctrl+C to stop.");
            EventLoop.Run(WaitForSignal);
            return ExitCode.Ok;
        }
        catch (SocketException error)
        {
            return Say.Fail(
                ExitCode.CannotListen,
                $"--port {port}: the port cannot be bound: {error.Message}.");
        }
    }

    private static async Coroutine WaitForSignal() =>
        await EventLoop.Current.NextSignalAsync(PosixSignal.SIGINT, PosixSignal.SIGTERM);
}
