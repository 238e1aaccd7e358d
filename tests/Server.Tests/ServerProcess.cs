using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Server.Tests;

/// <summary>
/// The real <c>reactor</c> binary in a process of its own: its output, its signals, its end. Killed
/// with the test, whatever happens.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly StringBuilder _error = new();

    private ServerProcess(string[] arguments, params string[] wrapper)
    {
        // A test that runs in the background ignores SIGINT, and so would all that it starts.
        var start = new ProcessStartInfo("env")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add("--default-signal=INT,TERM");
        foreach (string argument in wrapper.Append(BinaryPath).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => AddLine(e.Data);
        _process.ErrorDataReceived += (_, e) => _error.AppendLine(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The binary that was built with these tests, in the same configuration.</summary>
    public static string BinaryPath
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            string path = Path.Combine(own.Parent!.Parent!.FullName, "server", own.Name, "reactor");
            Assert.That(File.Exists(path), $"{path} is not built");
            return path;
        }
    }

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
    public static ServerProcess WithDescriptors(int descriptors, string driver)
    {
        var server = new ServerProcess(
            [
                "--listen", "http://127.0.0.1:0", "--max-connections", "1000000",
                "--driver", driver,
            ],
            "prlimit",
            $"--nofile={descriptors}");
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

    /// <summary>Waits until it has said something on standard error.</summary>
    public void WaitForError(string text)
    {
        Assert.That(() => Error, Does.Contain(text).After(10_000, 20));
    }

    /// <summary>Runs it to its end.</summary>
    public static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using var server = new ServerProcess(arguments);
        int exitCode = server.WaitForExit();
        return (exitCode, string.Concat(server._lines.Select(line => line + "\n")), server.Error);
    }

    public string Error => _error.ToString().Trim();

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
            socket.ReceiveTimeout = 5000;
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
    public void Signal(string name)
    {
        string id = Id.ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("kill", [$"-{name}", id]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero);
    }

    public int WaitForExit()
    {
        Assert.That(_process.WaitForExit(s_hung), "the server does not end");
        _process.WaitForExit(); // and its output was read
        return _process.ExitCode;
    }

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

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _lines.Dispose();
    }

    private Uri ReadAddress()
    {
        if (!_lines.TryTake(out string? line, s_hung))
        {
            Assert.Fail($"the server does not say that it started: {Error}");
        }

        Assert.That(line, Does.Match("^Server started at http://[^ ]+:[0-9]+\\.\\.\\.$"));
        return new Uri(line!["Server started at ".Length..^3]);
    }

    private void AddLine(string? line)
    {
        if (line is null)
        {
            _lines.CompleteAdding();
        }
        else
        {
            _lines.Add(line);
        }
    }
}
