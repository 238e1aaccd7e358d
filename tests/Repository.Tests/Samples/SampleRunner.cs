// Runs one sample and tells what it did not keep of its promise; null when it kept all. A sample
// that prints is run as its readers run it. A sample that serves is built first and then started
// directly: `dotnet run` keeps an interrupt for itself, so that the server behind it would never
// see one.

using System.Net.Http.Headers;
using System.Net.Sockets;
using Reactor.Testing;

namespace Repository.Tests.Samples;

public static class SampleRunner
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(20);

    public static async Task<string?> RunAsync(string path)
    {
        SampleHead head;
        try
        {
            head = SampleHead.Parse(await File.ReadAllTextAsync(RepositoryFiles.FullPath(path)));
        }
        catch (FormatException e)
        {
            return e.Message;
        }
        return head.Server is null
            ? await RunProgramAsync(path, head.Output!)
            : await RunServerAsync(path, head, head.Server);
    }

    private static async Task<string?> RunProgramAsync(string path, IReadOnlyList<string> expected)
    {
        using ChildProcess run = SampleProcess.Start("dotnet", "run", "-c", "Release", path);
        int exitCode = await run.WaitForExitAsync(Limit);
        // 0 from a program that hears the signal; 130 from one that leaves it to the platform, as
        // asyncio's KeyboardInterrupt does.
        return exitCode is not (0 or 130)
            ? $"exit code {exitCode}\n{run.Output}{run.Errors}"
            : SampleHead.FirstDifference(expected, run.Output) is { } difference
                ? $"{difference}\nIt printed:\n{run.Output}{run.Errors}"
                : null;
    }

    private static async Task<string?> RunServerAsync(string path, SampleHead head, Uri address)
    {
        using ChildProcess build = SampleProcess.Start("dotnet", "build", "-c", "Release", path);
        if (await build.WaitForExitAsync(Limit) != 0)
        {
            return $"does not build\n{build.Output}{build.Errors}";
        }
        // The layout that samples/Directory.Build.props sets.
        string program = RepositoryFiles.FullPath(
            $"artifacts/samples/{Path.GetFileName(path)}/bin/release/"
            + Path.GetFileNameWithoutExtension(path));
        if (!await WaitFreeAsync(address))
        {
            return $"another program serves {address}: end it first";
        }

        using ChildProcess server = SampleProcess.Start(program);
        using HttpClient client = new() { BaseAddress = address, Timeout = s_stopLimit };
        foreach (SampleRequest request in head.Requests)
        {
            if (await AskAsync(client, request, server) is { } complaint)
            {
                return $"{complaint}\nIt printed:\n{server.Output}{server.Errors}";
            }
        }
        server.Signal("INT");
        int exitCode = await server.WaitForExitAsync(s_stopLimit);
        // 0 from a program that hears the signal; 130 from one that leaves it to the platform, as
        // asyncio's KeyboardInterrupt does.
        return exitCode is not (0 or 130)
            ? $"exit code {exitCode} after SIGINT\n{server.Output}{server.Errors}"
            : head.Output is null ? null : SampleHead.FirstDifference(head.Output, server.Output);
    }

    // Else another program would answer in place of the sample.
    private static async Task<bool> WaitFreeAsync(Uri address)
    {
        for (int tries = 0; tries < 100; tries++)
        {
            try
            {
                using TcpClient client = new();
                await client.ConnectAsync(address.Host, address.Port);
            }
            catch (SocketException)
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        return false;
    }

    // A server needs a moment until it listens, and says so to nobody: ask again until it answers.
    private static async Task<string?> AskAsync(
        HttpClient client, SampleRequest request, ChildProcess server)
    {
        using CancellationTokenSource limit = new(Limit);
        while (true)
        {
            try
            {
                using HttpRequestMessage message = Message(request);
                using HttpResponseMessage response = await client.SendAsync(message, limit.Token);
                string body = await response.Content.ReadAsStringAsync(limit.Token);
                return (int)response.StatusCode == request.Status
                    && SampleHead.Matches(request.Body, body) ? null
                    : $"{request}: expected {request.Status} '{request.Body}', "
                        + $"got {(int)response.StatusCode} '{body}'";
            }
            catch (HttpRequestException e)
                when (e.HttpRequestError == HttpRequestError.ConnectionError && !server.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
            catch (HttpRequestException e)
            {
                return $"{request}: {e.Message}";
            }
        }
    }

    private static HttpRequestMessage Message(SampleRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        if (request.Content.Length > 0)
        {
            message.Content = new StringContent(
                request.Content,
                new MediaTypeHeaderValue(request.Content[0] is '{' or '['
                    ? "application/json" : "application/x-www-form-urlencoded"));
        }

        return message;
    }
}
