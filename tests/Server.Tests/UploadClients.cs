using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// Programs that upload files as their users do, and say for each upload what they got: a line with
/// the status and the beginning of the body.
/// </summary>
internal static class UploadClients
{
    private const string Python = """
        import http.client, sys
        from urllib.parse import urlsplit
        url, count, files = urlsplit(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
        for name in files:
            data = open(name, 'rb').read()
            for _ in range(count):
                connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
                try:
                    connection.request('POST', url.path, body=data)
                    response = connection.getresponse()
                    print(response.status, response.read().decode(), flush=True)
                except OSError as error:
                    print('failed:', repr(error), flush=True)
                connection.close()
        """;

    private const string Node = """
        const fs = require('fs');
        const [url, count, ...files] = process.argv.slice(2);
        (async () => {
          for (const name of files) {
            const body = fs.readFileSync(name);
            for (let i = 0; i < count; i++) {
              try {
                const response = await fetch(url, { method: 'POST', body });
                console.log(response.status, await response.text());
              } catch (error) {
                console.log('failed:', String(error), String(error.cause));
              }
            }
          }
        })();
        """;

    private const string Java = """
        import java.net.URI;
        import java.net.http.*;
        import java.nio.file.Path;

        public class Upload {
          public static void main(String[] args) throws Exception {
            HttpClient client = HttpClient.newHttpClient();
            for (int file = 2; file < args.length; file++) {
              for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                try {
                  HttpResponse<String> response = client.send(
                      HttpRequest.newBuilder(URI.create(args[0]))
                          .POST(HttpRequest.BodyPublishers.ofFile(Path.of(args[file]))).build(),
                      HttpResponse.BodyHandlers.ofString());
                  System.out.println(response.statusCode() + " " + response.body());
                } catch (java.io.IOException error) {
                  System.out.println("failed: " + error);
                }
              }
            }
          }
        }
        """;

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["curl --http2", "curl --http2 -H Expect:", "java", "node", "python"];

    /// <summary>The end of the test where one of the programs is missing.</summary>
    public static void RequireAll()
    {
        ExternalTool.Require("curl", "curl");
        ExternalTool.Require("java", "default-jdk-headless");
        ExternalTool.Require("javac", "default-jdk-headless");
        ExternalTool.Require("node", "nodejs");
        ExternalTool.Require("python3", "python3");
    }

    /// <summary>Uploads each file so many times, one after the other.</summary>
    /// <returns>What the client got, a line for each upload.</returns>
    public static async Task<string[]> Upload(
        string client, string folder, Uri url, int count, string[] files)
    {
        string[] rest = [url.ToString(), $"{count}", .. files];
        switch (client)
        {
            case "java":
                string source = Write(folder, "Upload.java", Java);
                return await Run("java", [source, .. rest]);
            case "node":
                return await Run("node", [Write(folder, "upload.js", Node), .. rest]);
            case "python":
                return await Run("python3", [Write(folder, "upload.py", Python), .. rest]);
            default:
                List<string> lines = [];
                string[] expect = client.EndsWith("Expect:", StringComparison.Ordinal)
                    ? ["-H", "Expect:"]
                    : [];
                foreach (string file in files)
                {
                    for (int i = 0; i < count; i++)
                    {
                        lines.AddRange(await Run("curl",
                        [
                            "--http2", "-sS", "--max-time", "60", "-w", "\n%{http_code}\n",
                            .. expect, "--data-binary", $"@{file}", url.ToString(),
                        ]));
                    }
                }

                // The body, then the status in a line of its own.
                return [.. lines.Chunk(2).Select(pair => string.Join(' ', pair.Reverse()))];
        }
    }

    /// <summary>Runs a client; what it printed, with what it said on standard error.</summary>
    public static async Task<string[]> Run(string program, params string[] arguments)
    {
        using ChildProcess client = ChildProcess.Start(program, arguments);
        try
        {
            await client.WaitForExitAsync(TimeSpan.FromSeconds(150));
            return (client.Output + client.Errors).Split(
                '\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (TimeoutException)
        {
            return [$"{program} does not end"];
        }
    }

    private static string Write(string folder, string name, string text)
    {
        string file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
