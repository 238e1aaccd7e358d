// One large file uploaded by curl as a multipart form, to a server that writes it to a temporary
// file: how much the server's resident memory grows, and how late its timers are meanwhile. Fails
// unless the growth is at most 16 MiB and the 99th percentile of the lateness at most 10 ms.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Reactor.Drivers;
using Reactor.Http;
using Reactor.Net;
using Reactor.Tools;

namespace Reactor.Bench;

internal static class Uploads
{
    private const int WarmUpMiB = 64;
    private const double GrowthMiBMax = 16;
    private const double LagMsMax = 10;

    private static readonly TimeSpan s_sampleEvery = TimeSpan.FromMilliseconds(1);

    public static Command MakeCommand()
    {
        var mebibytes = new Option<int>("--mib")
        {
            Description = "Size of the file in MiB, 1 to 65536.",
            HelpName = "NUMBER",
            DefaultValueFactory = _ => 1024,
            CustomParser = OptionValues.Whole(1, 65536),
        };
        var driver = new Option<string>("--driver")
        {
            Description = "I/O driver: epoll or sockets.",
            DefaultValueFactory = _ => "epoll",
        };
        driver.AcceptOnlyFromAmong("epoll", "sockets");
        var command = new Command(
            "upload", "The memory and the lag of a server during a large upload.")
        {
            mebibytes, driver,
        };
        command.SetAction(result =>
            Run(result.GetValue(mebibytes), result.GetValue(driver)!));
        return command;
    }

    /// <summary>Runs; the exit code.</summary>
    private static int Run(int mebibytes, string driver)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("reactor-bench-");
        try
        {
            using var loop = new EventLoop(
                new EventLoopOptions { Driver = LoopDrivers.Create(driver) });
            return loop.RunUntilComplete(MeasureAsync(loop, folder.FullName, mebibytes));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Coroutine<int> MeasureAsync(EventLoop loop, string folder, int mebibytes)
    {
        long received = 0;
        var app = new Application();
        app.Post("/", async request =>
        {
            var options = new FormOptions { Directory = folder };
            await foreach (MultipartPart part in request.ReadMultipart(options))
            {
                using FormFile file = await part.SpoolAsync();
                received = file.Length;
            }

            return Response.Text("stored");
        }, new RouteOptions { BodyBytesMax = long.MaxValue });
        HttpServer http = app.MakeHandler();
        LoopServer server = loop.CreateServer(http, [new IPEndPoint(IPAddress.Loopback, 0)]);
        string url = $"http://{server.EndPoints[0]}/";

        await UploadAsync(url, folder, WarmUpMiB);
        GC.Collect();
        double before = ResetPeak();
        var lateness = new List<double>(1 << 20);
        LoopTask sampler = loop.CreateTask(SampleAsync(loop, lateness));
        long start = Stopwatch.GetTimestamp();
        await UploadAsync(url, folder, mebibytes);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        sampler.Cancel();
        double growth = ReadMiB("VmHWM") - before;
        await http.ShutdownAsync(server);

        lateness.Sort();
        double p99 = lateness[(int)(lateness.Count * 0.99)];
        bool isWhole = received == (long)mebibytes << 20;
        bool isGood = isWhole && growth <= GrowthMiBMax && p99 <= LagMsMax;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{mebibytes} MiB in {seconds:F1} s ({mebibytes / seconds:F0} MiB/s): resident "
                + $"{before:F1} MiB before, {growth:F1} more at the most; lag of {lateness.Count} "
                + $"timers p50 {lateness[lateness.Count / 2]:F2} ms, p99 {p99:F2}, "
                + $"longest {lateness[^1]:F2}: {(isGood ? "passed" : "FAILED")}"));
        return isGood ? 0 : 1;
    }

    private static async Coroutine SampleAsync(EventLoop loop, List<double> lateness)
    {
        while (true)
        {
            TimeSpan due = loop.Time + s_sampleEvery;
            await EventLoop.Delay(s_sampleEvery);
            lateness.Add(Math.Max(0, (loop.Time - due).TotalMilliseconds));
        }
    }

    // The file has no blocks on the disk, so reading it costs little.
    private static async Coroutine UploadAsync(string url, string folder, int mebibytes)
    {
        string source = Path.Combine(folder, "source");
        await EventLoop.ToThread(() =>
        {
            using FileStream file = File.Create(source);
            file.SetLength((long)mebibytes << 20);
        });
        using Process curl = Process.Start(
            new ProcessStartInfo("curl", ["-sS", "--fail", "-F", $"file=@{source}", url])
            {
                RedirectStandardOutput = true,
            }) ?? throw new InvalidOperationException("curl did not start.");
        string answer = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        if (curl.ExitCode != 0 || answer != "stored")
        {
            throw new InvalidOperationException($"curl ended with {curl.ExitCode}: {answer}");
        }
    }

    // Sets the peak to what is resident now, and returns that.
    private static double ResetPeak()
    {
        File.WriteAllText("/proc/self/clear_refs", "5");
        return ReadMiB("VmRSS");
    }

    private static double ReadMiB(string name)
    {
        string line = File.ReadLines("/proc/self/status")
            .First(one => one.StartsWith(name + ":", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..^3], CultureInfo.InvariantCulture) / 1024;
    }
}
