// One server that runs for one measurement and is killed after it, by its own process object. On
// core 0 when pinned; `taskset` becomes the server, so its process is the one that was started.
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Reactor.Bench.Servers;

internal sealed class ServerProcess : IAsyncDisposable
{
    public const int ServerCore = 0;
    private const int StderrLinesMax = 50;
    private const int TriesMax = 1500;
    private const int TryMs = 20;

    private readonly Process _process;
    private readonly Channel<string> _errors = Channel.CreateBounded<string>(
        new BoundedChannelOptions(StderrLinesMax) { FullMode = BoundedChannelFullMode.DropOldest });

    private ServerProcess(Peer peer, Scenario scenario, bool pinned, bool counts)
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        Launch launch = peer.Launch(EndPoint.Port, scenario);
        var start = new ProcessStartInfo(pinned ? "taskset" : launch.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (pinned)
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add($"{ServerCore}");
            start.ArgumentList.Add(launch.Program);
        }

        foreach (string argument in launch.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (counts)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(ServerProcess).Assembly.Location;
        }

        Started = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _errors.Writer.TryWrite(line.Data ?? "");
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Just before the process was started, as a time stamp.</summary>
    public long Started { get; }

    /// <summary>User and system time of all its threads; the kernel counts in 10 ms.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a server without waiting until it listens.</summary>
    public static ServerProcess Launch(Peer peer, Scenario scenario) =>
        new(peer, scenario, pinned: false, counts: false);

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <exception cref="MeasurementException">It does not.</exception>
    public static async Task<ServerProcess> StartAsync(
        Peer peer, Scenario scenario, bool pinned, CancellationToken stop, bool counts = false)
    {
        var server = new ServerProcess(peer, scenario, pinned, counts);
        try
        {
            await server.WaitUntilUp(stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks what has been allocated: bytes, then collections by generation.</summary>
    public async Task<long[]> AskAllocated(CancellationToken stop)
    {
        await _process.StandardInput.WriteLineAsync("".AsMemory(), stop);
        await _process.StandardInput.FlushAsync(stop);
        await foreach (string line in _errors.Reader.ReadAllAsync(stop))
        {
            if (line.StartsWith(StartupHook.Prefix, StringComparison.Ordinal))
            {
                return [.. line[StartupHook.Prefix.Length..].Split(' ').Select(long.Parse)];
            }
        }

        throw new MeasurementException("it does not say what it has allocated");
    }

    /// <exception cref="MeasurementException">The process has ended.</exception>
    public void RequireRunning()
    {
        if (_process.HasExited)
        {
            var lines = new List<string>();
            while (_errors.Reader.TryRead(out string? line))
            {
                lines.Add(line);
            }

            throw new MeasurementException(
                $"exit code {_process.ExitCode}: {string.Join(" ", lines).Trim()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task WaitUntilUp(CancellationToken stop)
    {
        for (int i = 0; i < TriesMax; i++)
        {
            RequireRunning();
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(EndPoint, stop);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TryMs, stop);
            }
        }

        throw new MeasurementException($"it does not listen after {TriesMax * TryMs / 1000} s");
    }
}

/// <summary>One measurement cannot be had; the others can.</summary>
internal sealed class MeasurementException(string message) : Exception(message);
