using System.Diagnostics;
using System.Net;
using System.Numerics;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// A second process of this program that runs <c>loadgen serve</c> on the last core, so that its
/// CPU time is not in that of the client. Ends with <see cref="Dispose"/>.
/// </summary>
internal sealed class ServeChild : IDisposable
{
    private readonly Process _process;

    private ServeChild(Process process, TargetUrl url) =>
        (_process, Url, EndPoint) =
            (process, url, new IPEndPoint(IPAddress.Loopback, url.Port));

    /// <summary>The URL of the server.</summary>
    public TargetUrl Url { get; }

    /// <summary>The address of the server.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Starts the server; blocks until it listens, a fraction of a second.</summary>
    /// <exception cref="InvalidOperationException">It did not start.</exception>
    public static ServeChild Start()
    {
        string program = Environment.ProcessPath!;
        // Under `dotnet run` and `dotnet loadgen.dll` the program is the host.
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [Environment.GetCommandLineArgs()[0]]
            : [];
        var start = new ProcessStartInfo(program, [.. host, "serve", "--listen", "127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        string? line = process.StandardOutput.ReadLine();
        // "Listening on http://127.0.0.1:PORT"
        if (!TargetUrl.TryParse(line?.Split(' ')[^1] ?? "", out TargetUrl? url, out _))
        {
            process.Kill();
            process.Dispose();
            throw new InvalidOperationException($"The server said '{line}'.");
        }

        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            long cores = process.ProcessorAffinity;
            process.ProcessorAffinity = (nint)(1L << BitOperations.Log2((ulong)cores));
        }

        return new ServeChild(process, url);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
