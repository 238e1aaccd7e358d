using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// What a user may type, and what the answer to a mistake looks like: one sentence on standard
/// error and an exit code that a script can tell apart.
/// </summary>
public class CommandLineTests
{
    [Test]
    public void It_says_where_it_listens_with_the_port_that_was_picked()
    {
        using var server = ServerProcess.Start();

        Assert.That(server.Address.Host, Is.EqualTo("127.0.0.1"));
        Assert.That(server.Port, Is.GreaterThan(0));
        Assert.That(Get(server.Address), Is.EqualTo("Hello, World!"));
    }

    [Test]
    public void It_says_how_to_stop_it()
    {
        using var server = ServerProcess.Start();

        Assert.That(server.ReadLine(), Is.EqualTo("Press Ctrl+C to stop."));
    }

    [Test]
    public void It_listens_on_several_addresses_at_once()
    {
        using var server = ServerProcess.Listen(
            2, "--listen", "http://127.0.0.1:0", "--listen", "http://localhost:0");

        Assert.That(server.Addresses[0].Port, Is.Not.EqualTo(server.Addresses[1].Port));
        Assert.That(server.Addresses.Select(Get), Is.All.EqualTo("Hello, World!"));
    }

    [Test]
    public void It_listens_on_a_port_that_was_named()
    {
        int port = LoopbackPort.FindFree();
        using var server = ServerProcess.Listen(1, "--listen", $"http://127.0.0.1:{port}");

        Assert.That(server.Port, Is.EqualTo(port));
        Assert.That(Get(server.Address), Is.EqualTo("Hello, World!"));
    }

    [Test]
    public void It_listens_on_ipv6()
    {
        if (!Socket.OSSupportsIPv6 || !HasIpv6Loopback())
        {
            Assert.Ignore("this machine has no IPv6");
        }

        using var server = ServerProcess.Listen(1, "--listen", "http://[::1]:0");

        Assert.That(server.Address.Host, Is.EqualTo("[::1]"));
        Assert.That(Get(server.Address), Is.EqualTo("Hello, World!"));
    }

    [Test]
    public void Help_shows_every_flag_each_range_and_the_name_of_the_binary()
    {
        (int exitCode, string output, string error) = ServerProcess.Run("--help");

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        foreach (string flag in new[]
        {
            "--listen", "--driver", "--log-level", "--keep-alive", "--max-connections",
            "--body-memory", "--loops", "--no-inline", "--help", "--version",
        })
        {
            Assert.That(output, Does.Contain(flag));
        }

        foreach (string range in new[]
        {
            "from 0 to 65535", "greater than 0 and at most 1000000", "to 2147483647",
            "to 1073741824", "from 1 to 1024, or auto",
        })
        {
            Assert.That(Regex.Replace(output, "\\s+", " "), Does.Contain(range));
        }

        Assert.That(output, Does.Match("(?m)^  reactor \\[command\\] \\[options\\]$"));
        Assert.That(output, Does.Not.Contain("reactor-server"));
    }

    [Test]
    public void An_idle_connection_is_closed_after_the_time_that_was_given()
    {
        using var server = ServerProcess.Listen(
            1, "--listen", "http://127.0.0.1:0", "--keep-alive", "0.2");
        using Socket client = server.Connect();
        client.Send("GET /plaintext HTTP/1.1\r\nHost: x\r\n\r\n"u8);

        Assert.That(ServerProcess.ReceiveAll(client), Does.EndWith("Hello, World!"));
    }

    [Test]
    public void One_connection_at_a_time_is_served_where_that_is_the_limit()
    {
        using var server = ServerProcess.Listen(
            1, "--listen", "http://127.0.0.1:0", "--max-connections", "1");
        using Socket first = server.Connect();
        first.Send("GET /plaintext HTTP/1.1\r\nHost: x\r\n\r\n"u8);
        Assert.That(first.Receive(new byte[1000]), Is.GreaterThan(0));
        using Socket second = server.Connect();
        second.Send("GET /plaintext HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8);
        Assert.That(second.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead), Is.False);

        first.Close();
        Assert.That(ServerProcess.ReceiveAll(second), Does.EndWith("Hello, World!"));
    }

    [TestCase("--keep-alive", "0", "a number greater than 0 and at most 1000000")]
    [TestCase("--keep-alive", "-1", "a number greater than 0 and at most 1000000")]
    [TestCase("--keep-alive", "NaN", "a number greater than 0 and at most 1000000")]
    [TestCase("--keep-alive", "1e300", "a number greater than 0 and at most 1000000")]
    [TestCase("--keep-alive", "", "a number greater than 0 and at most 1000000")]
    [TestCase("--max-connections", "0", "a whole number from 1 to 2147483647")]
    [TestCase("--max-connections", "many", "a whole number from 1 to 2147483647")]
    [TestCase("--max-connections", "", "a whole number from 1 to 2147483647")]
    [TestCase("--max-connections", "99999999999999999999", "a whole number from 1 to 2147483647")]
    [TestCase("--body-memory", "0", "a whole number from 1 to 1073741824")]
    [TestCase("--body-memory", "1073741825", "a whole number from 1 to 1073741824")]
    [TestCase("--body-memory", "-1", "a whole number from 1 to 1073741824")]
    [TestCase("--loops", "0", "a number from 1 to 1024, or auto")]
    [TestCase("--loops", "-1", "a number from 1 to 1024, or auto")]
    [TestCase("--loops", "1025", "a number from 1 to 1024, or auto")]
    [TestCase("--loops", "1.5", "a number from 1 to 1024, or auto")]
    [TestCase("--loops", "many", "a number from 1 to 1024, or auto")]
    [TestCase("--loops", "", "a number from 1 to 1024, or auto")]
    [TestCase("--driver", "carrier-pigeon", "'sockets', 'epoll'")]
    [TestCase("--driver", "", "'sockets', 'epoll'")]
    [TestCase("--log-level", "Loud", "'Information', 'Warning'")]
    [TestCase("--log-level", "42", "'Information', 'Warning'")]
    [TestCase("--listen", "8000", "http://HOST:PORT")]
    [TestCase("--listen", "", "http://HOST:PORT")]
    [TestCase("--listen", "http://127.0.0.1:99999", "http://HOST:PORT")]
    public void A_wrong_value_is_answered_with_what_is_valid(
        string option, string value, string valid)
    {
        (int exitCode, string output, string error) = ServerProcess.Run(option, value);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        AssertOneSentence(error);
        Assert.That(error, Does.Contain(option).And.Contain(valid).And.Not.Contain("System."));
    }

    [Test]
    public void Version_is_one_line()
    {
        (int exitCode, string output, string error) = ServerProcess.Run("--version");

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Match("^[0-9]+\\.[0-9]+\\.[0-9]+[^\n]*\n$"));
    }

    [Test]
    public void A_port_that_is_in_use_is_exit_code_3_and_one_sentence()
    {
        using var first = ServerProcess.Start();
        (int exitCode, string output, string error) = ServerProcess.Run(
            "--listen", "http://127.0.0.1:0", "--listen", first.Address.ToString());

        Assert.That(exitCode, Is.EqualTo(3));
        AssertOneSentence(error);
        Assert.That(error, Does.Contain($"{first.Port}").And.Contains("in use"));
        Assert.That(output, Is.Empty, "it says nothing of having started");
    }

    [TestCase("http://203.0.113.1:0")]
    [TestCase("http://no-such-host.invalid:0")]
    public void An_address_that_cannot_be_had_is_exit_code_3_and_one_sentence(string url)
    {
        (int exitCode, _, string error) = ServerProcess.Run("--listen", url);

        Assert.That(exitCode, Is.EqualTo(3));
        AssertOneSentence(error);
    }

    [TestCase("--listen", "127.0.0.1:8000")]
    [TestCase("--listen", "https://127.0.0.1:8000")]
    [TestCase("--listen", "ftp://127.0.0.1:8000")]
    [TestCase("--listen", "http://127.0.0.1:8000/path")]
    [TestCase("--listen")]
    [TestCase("--unknown")]
    [TestCase("unknown")]
    public void Wrong_usage_is_exit_code_2_and_one_sentence(params string[] arguments)
    {
        (int exitCode, string output, string error) = ServerProcess.Run(arguments);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        AssertOneSentence(error);
    }

    [TestCase("--no-inline only for --driver sockets", "--no-inline", "--driver", "epoll")]
    [TestCase("--no-inline only for --driver sockets", "--driver", "EPOLL", "--no-inline")]
    [TestCase(
        "--max-connections at least 4, not '2' 4 loops", "--max-connections", "2", "--loops", "4")]
    [TestCase(
        "--body-memory at least 2, not '1' 17 loops", "--body-memory", "1", "--loops", "17")]
    [Platform("Linux")]
    public void Options_that_contradict_each_other_are_exit_code_2_and_one_sentence(
        string words, params string[] arguments)
    {
        (int exitCode, string output, string error) = ServerProcess.Run(arguments);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        AssertOneSentence(error);
        Assert.That(error, Does.Match(string.Join(".*", words.Split(' '))));
    }

    [TestCase("http://[::1%no-such-if]:0", "no-such-if")]
    [TestCase("http://[::1%25no-such-if]:0", "no-such-if")]
    [TestCase("http://[fe80::1%]:0", "")]
    public void The_zone_of_an_interface_that_is_not_there_is_exit_code_3(string url, string zone)
    {
        (int exitCode, string output, string error) = ServerProcess.Run("--listen", url);

        Assert.That((exitCode, output), Is.EqualTo((3, "")));
        AssertOneSentence(error);
        Assert.That(error, Does.Contain($"this machine has no network interface '{zone}'"));
    }

    [TestCase("--max-connections", "2", "--loops", "2")]
    [TestCase("--body-memory", "1", "--loops", "16")]
    [TestCase("--loops", "AUTO")]
    [TestCase("--driver", "Epoll")]
    [TestCase("--no-inline")]
    [TestCase("--driver", "sockets")]
    [TestCase("--driver", "epoll")]
    [TestCase("--log-level", "None")]
    [TestCase("--log-level", "trace")]
    [TestCase("--loops", "1")]
    [TestCase("--loops", "2")]
    [TestCase("--loops", "2", "--driver", "epoll")]
    [TestCase("--loops", "auto")]
    public void Every_flag_leaves_the_server_serving(params string[] arguments)
    {
        using var server = ServerProcess.Start(arguments);

        Assert.That(Get(server.Address), Is.EqualTo("Hello, World!"));
    }

    private static string Get(Uri address)
    {
        using var client = new HttpClient();
        return client.GetStringAsync(new Uri(address, "/plaintext")).GetAwaiter().GetResult();
    }

    private static void AssertOneSentence(string error)
    {
        Assert.That(error, Does.StartWith("reactor: "));
        Assert.That(error, Does.Not.Contain('\n'), "one line");
        Assert.That(error, Does.EndWith("."));
        Assert.That(error, Does.Not.Contain("Exception").And.Not.Contain("   at "));
    }

    private static bool HasIpv6Loopback() =>
        System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Any(address => address.Address.Equals(IPAddress.IPv6Loopback));
}
