using System.Net.Sockets;
using Reactor.Drivers;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>A session on real sockets, and other programs that it talks to.</summary>
/// <remarks>The test's thread, which runs the session's loop.</remarks>
internal static class RealPeers
{
    /// <summary>Runs a test with a session on a real driver; nothing of it may be left.</summary>
    public static void Run(
        string driver, Func<ClientSession, Coroutine> test, ClientOptions? options = null)
    {
        var errors = new List<string>();
        using var loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Create(driver) })
        {
            ExceptionHandler = (_, error) => errors.Add($"{error.Message} {error.Exception}"),
        };
        loop.RunUntilComplete(RunAsync());
        Assert.That(errors, Is.Empty);

        async Coroutine RunAsync()
        {
            var session = new ClientSession(options);
            try
            {
                await test(session);
            }
            finally
            {
                await session.CloseAsync();
            }

            Assert.That(session.OpenConnections, Is.Zero);
        }
    }

    /// <summary>Starts a server of another program, and waits until it listens.</summary>
    public static ChildProcess Start(int port, string program, params string[] arguments)
    {
        ChildProcess server = ChildProcess.Start(program, arguments);
        bool listens = SpinWait.SpinUntil(() => Listens(port) || server.HasExited, 60_000);
        Assert.That(listens && !server.HasExited, $"it does not listen: {server.Errors}");
        return server;
    }

    private static bool Listens(int port)
    {
        using var probe = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
