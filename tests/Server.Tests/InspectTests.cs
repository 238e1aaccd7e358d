using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Server.Tests;

/// <summary>The inspector of the real program: its address, its page, and a port in use.</summary>
public partial class InspectTests
{
    [Test]
    public async Task The_demo_prints_the_address_of_its_inspector_and_ends_with_it()
    {
        using var server = ServerProcess.Start("--inspect", "0");
        Assert.That(server.ReadLine(), Does.StartWith("Press Ctrl+C"));
        Uri page = AddressIn(server.ReadLine());
        using var client = new HttpClient();
        await client.GetStringAsync(new Uri(server.Address, "/plaintext"));
        string text = await client.GetStringAsync(new Uri(page, $"/text{page.Query}"));
        Assert.That(text, Does.Contain("reactor demo").And.Contain("accept"));
        using HttpResponseMessage guarded = await client.GetAsync(new Uri(page, "/text"));
        Assert.That(guarded.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));

        server.Signal("INT");
        Assert.That(server.WaitForExit(), Is.Zero);
    }

    [Test]
    public void A_port_in_use_is_one_sentence_and_the_server_serves()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var server = ServerProcess.Start("--inspect", $"{port}");
        server.WaitForError($"--inspect {port}: the port cannot be bound");
        Assert.That(server.IsServing(), Is.True);
    }

    [TestCase]
    [TestCase("--record-events")]
    public async Task A_recording_is_shown_with_its_events_or_after_a_replay(params string[] more)
    {
        string path = Path.Combine(Path.GetTempPath(), $"inspect-{Guid.NewGuid():N}.rec");
        try
        {
            await Record(path, more);
            using var shown = ServerProcess.Listen(0, "inspect", path);
            Uri page = AddressIn(shown.ReadLine());
            using var client = new HttpClient();
            string text = await client.GetStringAsync(new Uri(page, $"/text{page.Query}"));
            Assert.That(text, Does.Contain("Recorded").And.Contain("Turn "));
            Assert.That(text, Does.Contain("connection"));
            shown.Signal("INT");
            Assert.That(shown.WaitForExit(), Is.Zero);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_file_that_is_no_recording_is_a_usage_error()
    {
        (int exitCode, _, string error) = ServerProcess.Run("inspect", "/no/such.rec");
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("/no/such.rec"));
    }

    [TestCase("65536")]
    [TestCase("-1")]
    [TestCase("any")]
    public void A_port_that_is_none_is_a_usage_error(string port)
    {
        (int exitCode, _, string error) = ServerProcess.Run("demo", "--inspect", port);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("--inspect").And.Contain("0 to 65535"));
    }

    private static async Task Record(string path, string[] more)
    {
        using var server = ServerProcess.Start(["--record", path, .. more]);
        using var client = new HttpClient();
        await client.GetStringAsync(new Uri(server.Address, "/plaintext"));
        server.Signal("INT");
        Assert.That(server.WaitForExit(), Is.Zero);
    }

    private static Uri AddressIn(string line)
    {
        Match match = InspectorLine().Match(line);
        Assert.That(match.Success, line);
        return new Uri(match.Groups[1].Value);
    }

    [GeneratedRegex(@"^Inspector at (http://127\.0\.0\.1:\d+/\?token=[0-9a-f]{32})$")]
    private static partial Regex InspectorLine();
}
