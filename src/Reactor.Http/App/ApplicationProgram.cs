using System.Net;
using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// What <see cref="ApplicationServing.Run"/> adds to a server: output for its user, and one
/// sentence instead of a stack trace if the address cannot be bound.
/// </summary>
internal sealed class ApplicationProgram(Application application, Action<string>? print)
{
    public void Run(
        string host, int port, HttpServerOptions? options, EventLoopOptions loopOptions,
        LoopDriver? driver)
    {
        StandardStreams.Secure(); // before a socket gets the descriptor of a closed stream
        var group = new ServerGroup(1, () => application, options)
        {
            LoopOptions = _ => driver is null ? loopOptions : loopOptions with { Driver = driver },
            OnServing = servers => Announce(host, servers[0]),
        };
        try
        {
            group.Run(host, port);
        }
        catch (BindException error)
        {
#pragma warning disable RS0030 // a sentence for the user
            Write(Console.Error.WriteLine, error.Message);
#pragma warning restore RS0030
            Environment.ExitCode = 1;
        }
    }

    private void Announce(string host, LoopServer server)
    {
        int port = ((IPEndPoint)server.EndPoints[0]).Port;
#pragma warning disable RS0030 // the program shows where it listens
        Action<string> write = print ?? Console.Out.WriteLine;
#pragma warning restore RS0030
        Write(write, $"Server started at http://{HostInUrl(host)}:{port}...");
        Write(write, "Press Ctrl+C to stop.");
    }

    // RFC 3986 3.2.2: an IPv6 address is in brackets.
    private static string HostInUrl(string host) =>
        host.Contains(':', StringComparison.Ordinal) ? $"[{host.Trim('[', ']')}]" : host;

    private static void Write(Action<string> write, string line)
    {
        try
        {
            write(line);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A closed stream or a full device does not stop the server.
        }
    }
}
