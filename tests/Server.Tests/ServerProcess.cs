using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// The real <c>reactor</c> binary in a process of its own: its output, its signals, its end. Killed
/// with the test, whatever happens.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A command that becomes the server, in which a file has at most 1 KiB: a longer one fails,
    /// as on a full disk.
    /// </summary>
    /// <remarks>
    /// Ignored, the signal of the limit becomes an error of the write. The runtime maps its own
    /// code through a file, which the limit would reject.
    /// </remarks>
    public static readonly string[] SmallFiles =
    [
        "env", "DOTNET_EnableWriteXorExecute=0",
        "sh", "-c", "trap '' XFSZ; ulimit -f 2; exec \"$@\"", "sh",
    ];

    private readonly ChildProcess _process;

    /// <param name="arguments">The arguments of the server.</param>
    /// <param name="before">A command that becomes the server, with its arguments.</param>
    private ServerProcess(string[] arguments, params string[] before)
    {
        string[] command = [.. before, BinaryPath, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]);
        if (before.Length == 0)
        {
            // As tools/Directory.Build.props says for a program that starts seldom: half the time.
            // Where a test limits what the process may have, it starts as it does by itself.
            start.Environment["DOTNET_TC_QuickJit"] = "1";
        }

        _process = ChildProcess.Start(start);
    }

    private static string BinaryPath => BuiltPrograms.Find("server", "reactor");

    public int Id => _process.Id;

    /// <summary>Where it listens, in the order in which it said so.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    public Uri Address => Addresses[0];

    public int Port => Address.Port;

    /// <summary>
    /// Starts it and waits until it serves; one address, with a port that is free.
    /// </summary>
    public static ServerProcess Start(params string[] arguments) =>
        Listen(1, ["--listen", "http://127.0.0.1:0", .. arguments]);

    /// <summary>Starts it and waits until it says so many addresses.</summary>
    public static ServerProcess Listen(int addresses, params string[] arguments)
    {
        var server = new ServerProcess(arguments);
        server.Addresses = [.. Enumerable.Range(0, addresses).Select(_ => server.ReadAddress())];
        return server;
    }

    /// <summary>
    /// Starts it with no more than so many descriptors, and without the limit of connections that
    /// would keep it from running out of them.
    /// </summary>
    public static ServerProcess WithDescriptors(int descriptors, params string[] arguments)
    {
        var server = new ServerProcess(
            ["--listen", "http://127.0.0.1:0", "--max-connections", "1000000", .. arguments],
            "prlimit", $"--nofile={descriptors}");
        server.Addresses = [server.ReadAddress()];
        return server;
    }

    /// <summary>
    /// Starts it under a program that replaces itself by it, and waits until it serves.
    /// </summary>
    public static ServerProcess Under(string[] wrapper, params string[] arguments)
    {
        var server = new ServerProcess(["--listen", "http://127.0.0.1:0", .. arguments], wrapper);
        server.Addresses = [server.ReadAddress()];
        return server;
    }

    /// <summary>
    /// Runs it to its end under a program that replaces itself by it; it cannot start.
    /// </summary>
    public static (int ExitCode, string Error) RunUnder(string[] wrapper, params string[] arguments)
    {
        using var server = new ServerProcess(
            ["--listen", "http://127.0.0.1:0", .. arguments], wrapper);
        return (server.WaitForExit(), server.Error);
    }

    /// <summary>Runs it to its end with no more than so many descriptors.</summary>
    public static (int ExitCode, string Output, string Error) RunWithDescriptors(
        int descriptors, params string[] arguments) =>
        Run(new ServerProcess(arguments, "prlimit", $"--nofile={descriptors}"));

    /// <summary>Runs it to its end with <see cref="SmallFiles"/>.</summary>
    public static (int ExitCode, string Error) RunWithSmallFiles(params string[] arguments)
    {
        (int exitCode, _, string error) = Run(new ServerProcess(arguments, SmallFiles));
        return (exitCode, error);
    }

    /// <summary>
    /// Starts it on a port with standard streams that a shell has redirected, and waits until it
    /// listens: it may be unable to say so.
    /// </summary>
    public static ServerProcess Redirected(
        string redirection, int port, params string[] arguments) =>
        Redirected(redirection, port, [], arguments);

    /// <summary>The same, by a command that becomes the server.</summary>
    public static ServerProcess Redirected(
        string redirection, int port, string[] before, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        var server = new ServerProcess(
            ["--listen", address.OriginalString, .. arguments],
            ["sh", "-c", $"exec \"$@\" {redirection}", "sh", .. before])
        {
            Addresses = [address],
        };
        Assert.That(server.IsListening, Is.True.After((int)s_hung.TotalMilliseconds, 20));
        return server;
    }

    /// <summary>Runs it to its end with redirected streams.</summary>
    public static (int ExitCode, string Error) RunRedirected(
        string redirection, params string[] arguments)
    {
        (int exitCode, _, string error) = Run(new ServerProcess(
            arguments, "sh", "-c", $"exec \"$@\" {redirection}", "sh"));
        return (exitCode, error);
    }

    /// <summary>Sets a limit of the running process, as prlimit has it.</summary>
    public void SetLimit(string limit)
    {
        ChildOutcome tool = ChildProcess.Run("prlimit", $"--pid={Id}", limit);
        Assert.That(tool.ExitCode, Is.Zero, tool.Errors);
    }

    /// <summary>Waits until it has said something on standard error.</summary>
    public void WaitForError(string text)
    {
        Assert.That(() => Error, Does.Contain(text).After((int)s_hung.TotalMilliseconds, 20));
    }

    /// <summary>Runs it to its end.</summary>
    public static (int ExitCode, string Output, string Error) Run(params string[] arguments) =>
        Run(new ServerProcess(arguments));

    public string Error => _process.Errors.Trim();

    /// <summary>The next line of its standard output.</summary>
    public string ReadLine() => _process.ReadLine(s_hung);

    /// <summary>A raw connection to its first address.</summary>
    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = (int)s_hung.TotalMilliseconds,
        };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, Port));
        return socket;
    }

    /// <summary>Sends a request and receives until the end of the stream.</summary>
    public string Ask(string request)
    {
        using Socket socket = Connect();
        socket.Send(Encoding.Latin1.GetBytes(request));
        return ReceiveAll(socket);
    }

    /// <summary>
    /// True if it answers a request now; false if the connection fails. One that hangs fails the
    /// test.
    /// </summary>
    public bool IsServing()
    {
        try
        {
            using Socket socket = Connect();
            socket.Send("GET /plaintext HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8);
            return ReceiveAll(socket).EndsWith("Hello, World!", StringComparison.Ordinal);
        }
        catch (SocketException error)
        {
            Assert.That(
                error.SocketErrorCode,
                Is.Not.EqualTo(SocketError.WouldBlock).And.Not.EqualTo(SocketError.TimedOut),
                "the client hangs");
            return false;
        }
    }

    /// <summary>Receives until the end of the stream.</summary>
    public static string ReceiveAll(Socket socket)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            int count = socket.Receive(buffer);
            if (count == 0)
            {
                return text.ToString();
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public void Signal(string name) => _process.Signal(name);

    public int WaitForExit() => _process.WaitForExit(s_hung);

    /// <summary>A field of /proc/PID/status, in KiB, such as VmHWM.</summary>
    public long StatusKib(string field)
    {
        string line = File.ReadLines($"/proc/{Id}/status")
            .Single(one => one.StartsWith(field + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]
            .Split('\t')[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>The names of its threads, as the kernel has them.</summary>
    public IReadOnlyList<string> ThreadNames()
    {
        var names = new List<string>();
        foreach (string task in Directory.GetDirectories($"/proc/{Id}/task"))
        {
            try
            {
                names.Add(File.ReadAllText(Path.Combine(task, "comm")).TrimEnd());
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return names;
    }

    public void Dispose() => _process.Dispose();

    private static (int ExitCode, string Output, string Error) Run(ServerProcess server)
    {
        using (server)
        {
            return (server.WaitForExit(), server._process.Output, server.Error);
        }
    }

    private bool IsListening()
    {
        try
        {
            using Socket probe = Connect();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Uri ReadAddress()
    {
        string line = ReadLine();
        Assert.That(line, Does.Match("^Server started at http://[^ ]+:[0-9]+\\.\\.\\.$"));
        return new Uri(line["Server started at ".Length..^3]);
    }
}
