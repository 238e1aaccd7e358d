using System.Net.Sockets;
using System.Runtime.InteropServices;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// Accept fails under the real binary: after each errno that accept(2) lists, the next client is
/// served; a listener that is gone ends the process with an exit code and a sentence.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
[Platform("Linux")]
[Category("Slow")]
public sealed class AcceptErrorTests(string driver)
{
    private const int PatienceMs = 10_000;

    /// <summary>accept(2), "Errors" and "Notes", and EIO.</summary>
    public static IEnumerable<string> Errnos =>
    [
        "EAGAIN", "EBADF", "ECONNABORTED", "EFAULT", "EINTR", "EINVAL", "EMFILE", "ENFILE",
        "ENOBUFS", "ENOMEM", "ENOTSOCK", "EOPNOTSUPP", "EPERM", "EPROTO", "ENETDOWN", "ENOPROTOOPT",
        "EHOSTDOWN", "ENONET", "EHOSTUNREACH", "ENETUNREACH", "ENOSR", "ESOCKTNOSUPPORT",
        "EPROTONOSUPPORT", "ETIMEDOUT", "EIO",
    ];

    [Test]
    [Category("External")]
    public void After_an_accept_that_failed_once_the_next_client_is_served(
        [ValueSource(nameof(Errnos))] string errno)
    {
        using ServerProcess server =
            ServerProcess.Under(FailAccepts(errno, "1"), "--driver", driver);
        // A false EAGAIN, which the kernel never says of a client that waits, holds this one back
        // until the next comes. The sockets driver accepts on two threads, so there are two.
        using Socket first = server.Connect();
        using Socket second = server.Connect();

        for (int i = 0; i < 3; i++)
        {
            Assert.That(() => server.IsServing(), Is.True.After(PatienceMs, 10));
        }

        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero, server.Error);
    }

    [Test]
    [Category("External")]
    public void A_client_in_the_backlog_of_a_server_without_memory_is_served_before_the_end()
    {
        // More calls than the acceptor makes meanwhile, which pauses 100 ms after each.
        using ServerProcess server =
            ServerProcess.Under(FailAccepts("ENOMEM", "1..100"), "--driver", driver);
        using Socket client = server.Connect();
        client.Send("GET /plaintext HTTP/1.0\r\n\r\n"u8);

        server.Signal("TERM");
        Assert.That(ServerProcess.ReceiveAll(client), Does.EndWith("Hello, World!"));
        Assert.That(server.WaitForExit(), Is.Zero, server.Error);
    }

    [Test]
    public void A_listener_that_is_gone_ends_the_server_with_a_sentence_and_code_4(
        [Values("1", "2")] string loops)
    {
        using ServerProcess server =
            ServerProcess.Start("--driver", driver, "--loops", loops);
        Assert.That(server.IsServing());
        ShutDownListener(server);

        Assert.That(server.WaitForExit(), Is.EqualTo(4));
        Assert.That(
            server.Error,
            Does.Match(@"(?m)^reactor: The listener on 127\.0\.0\.1:\d+ failed and is closed: "
                + @"Invalid argument\. The server has ended\.$"));
    }

    /// <summary>Takes a copy of a listener out of the process, and ends its listening.</summary>
    internal static void ShutDownListener(ServerProcess server)
    {
        const int pidfdOpen = 434;
        const int pidfdGetDescriptor = 438;
        string inode = File.ReadLines($"/proc/{server.Id}/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .First(row => row[1] == $"0100007F:{server.Port:X4}" && row[3] == "0A")[9];
        string number = Directory.GetFileSystemEntries($"/proc/{server.Id}/fd")
            .Single(entry => new FileInfo(entry).LinkTarget == $"socket:[{inode}]");
        nint process = SystemCall(pidfdOpen, server.Id, 0, 0);
        nint copy = SystemCall(
            pidfdGetDescriptor, process, int.Parse(Path.GetFileName(number)), 0);
        Skip.Unless(copy > 0, "not allowed into another process");
        using var listener = new Socket(new SafeSocketHandle(copy, ownsHandle: true));
        listener.Shutdown(SocketShutdown.Both);
    }

    /// <summary>A command under which these calls of each thread fail.</summary>
    private static string[] FailAccepts(string errno, string calls) =>
    [
        // -D makes the tracer a child of the server.
        ExternalTool.Require("strace", package: "strace"), "-D", "-f", "--seccomp-bpf",
        "-o", "/dev/null", "-e", "trace=accept4", "-e", "signal=none",
        "-e", $"inject=accept4:error={errno}:when={calls}",
    ];

    [DllImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SystemCall(nint number, nint first, nint second, nint third);
}
