using System.Diagnostics;
using System.Globalization;

namespace Reactor.Bench.Servers;

/// <summary>
/// Runs wrk against a server: one thread, on core 1 when pinned. Only one runs at a time.
/// </summary>
internal sealed class Wrk(string scripts)
{
    private const int WrkCore = 1;

    public async Task<WrkResult> RunAsync(
        ServerProcess server, Scenario scenario, bool pinned, int seconds, CancellationToken stop)
    {
        var start = new ProcessStartInfo(pinned ? "taskset" : "wrk")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            .. pinned ? ["-c", $"{WrkCore}", "wrk"] : Array.Empty<string>(),
            "-t1",
            string.Create(CultureInfo.InvariantCulture, $"-c{scenario.Connections}"),
            string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"),
            "--latency",
            .. scenario.Script is { } script
                ? ["-s", Path.Combine(scripts, script)]
                : Array.Empty<string>(),
            $"http://{server.EndPoint}{scenario.Path}",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(stop);
            string text = await process.StandardOutput.ReadToEndAsync(stop) + await errors;
            await process.WaitForExitAsync(stop);
            server.RequireRunning();
            return WrkResult.Parse(text);
        }
        catch (FormatException error)
        {
            throw new MeasurementException(error.Message);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
