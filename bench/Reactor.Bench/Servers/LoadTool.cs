using System.Diagnostics;
using System.Globalization;

namespace Reactor.Bench.Servers;

/// <summary>
/// A load generator that prints wrk's report: one thread, on core 1 when pinned. Only one runs at a
/// time.
/// </summary>
/// <param name="program">The program, found on the path or by its own.</param>
/// <param name="special">
/// Its arguments for a kind of request, beside those that all share; null if it cannot make it.
/// </param>
internal sealed class LoadTool(string program, Func<Scenario, string[]?> special)
{
    private const int Core = 1;

    // A warm-up of its own would come on top of that of the measurement.
    private static readonly string[] s_asWrk = ["--format", "wrk", "--quiet", "-w0"];

    /// <summary>wrk, which makes all kinds.</summary>
    /// <param name="scripts">The folder of the scripts.</param>
    public static LoadTool Wrk(string scripts) => new(
        "wrk",
        scenario => scenario.Script is { } script ? ["-s", Path.Combine(scripts, script)] : []);

    /// <summary>Our own; it sends the same bytes each time.</summary>
    /// <param name="program">Its path.</param>
    public static LoadTool Loadgen(string program) => new(
        program,
        scenario => scenario.Script switch
        {
            null => s_asWrk,
            "pipeline.lua" => [.. s_asWrk, "-p16"],
            "echo.lua" => [.. s_asWrk, "-b", new string('x', scenario.BodyBytes)],
            _ => null,
        });

    /// <summary>Whether it can make a kind of request.</summary>
    public bool Makes(Scenario scenario) => special(scenario) is not null;

    public async Task<WrkResult> RunAsync(
        ServerProcess server, Scenario scenario, bool pinned, int seconds, CancellationToken stop)
    {
        var start = new ProcessStartInfo(pinned ? "taskset" : program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            .. pinned ? ["-c", $"{Core}", program] : Array.Empty<string>(),
            "-t1",
            string.Create(CultureInfo.InvariantCulture, $"-c{scenario.Connections}"),
            string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"),
            "--latency",
            .. special(scenario) ?? [],
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
