using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// A call of the real binary fails once, with each errno that recv(2), send(2), epoll_ctl(2) and
/// tcp(7) list: its client may lose its connection, never hang, and the next one is served; what
/// the server needs to start ends it with a sentence and an exit code.
/// </summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
[Platform("Linux")]
[Category("Slow")]
[Category("External")]
public sealed class InjectedErrorTests(string driver)
{
    private const int PatienceMs = 10_000;

    public static IEnumerable<string> ReceiveErrnos =>
    [
        "EAGAIN", "EBADF", "ECONNREFUSED", "EFAULT", "EINTR", "EINVAL", "ENOMEM", "ENOTCONN",
        "ENOTSOCK", "ECONNRESET", "ETIMEDOUT",
    ];

    public static IEnumerable<string> SendErrnos =>
    [
        "EACCES", "EAGAIN", "EALREADY", "EBADF", "ECONNRESET", "EDESTADDRREQ", "EFAULT", "EINTR",
        "EINVAL", "EISCONN", "EMSGSIZE", "ENOBUFS", "ENOMEM", "ENOTCONN", "ENOTSOCK",
        "EOPNOTSUPP", "EPIPE", "ETIMEDOUT",
    ];

    public static IEnumerable<string> ControlErrnos =>
    [
        "EBADF", "EEXIST", "EINVAL", "ELOOP", "ENOENT", "ENOMEM", "ENOSPC", "EPERM",
    ];

    [Test]
    public void After_a_receive_that_failed_once_the_next_client_is_served(
        [ValueSource(nameof(ReceiveErrnos))] string errno) =>
        AssertServes("recvfrom,recvmsg", errno, 1);

    [Test]
    public void After_a_send_that_failed_once_the_next_client_is_served(
        [ValueSource(nameof(SendErrnos))] string errno) =>
        AssertServes("sendto,sendmsg", errno, 1);

    [Test]
    public void After_a_connection_that_could_not_be_watched_the_next_client_is_served(
        [ValueSource(nameof(ControlErrnos))] string errno) => AssertServes("epoll_ctl", errno, 3);

    [Test]
    public void A_listener_that_cannot_be_watched_at_first_is_tried_again_or_ends_the_server(
        [ValueSource(nameof(ControlErrnos))] string errno)
    {
        if (driver == "epoll")
        {
            AssertEnds(errno, 2, "reactor: Cannot listen on http://127.0.0.1:0: ");
        }
        else
        {
            AssertServes("epoll_ctl", errno, 1);
        }
    }

    [Test]
    public void A_loop_that_could_not_be_woken_ends_the_server_with_a_sentence(
        [ValueSource(nameof(ControlErrnos))] string errno)
    {
        if (driver == "epoll")
        {
            AssertEnds(errno, 1, "reactor: The loop cannot be made: epoll_ctl failed");
        }
        else
        {
            AssertServes("epoll_ctl", errno, 2); // its loop is woken without epoll
        }
    }

    private void AssertServes(string calls, string errno, int when)
    {
        using ServerProcess server = ServerProcess.Under(
            Strace(calls, errno, when), "--driver", driver);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(() => server.IsServing(), Is.True.After(PatienceMs, 10), server.Error);
        }

        server.Signal("TERM");
        Assert.That(server.WaitForExit(), Is.Zero, server.Error);
    }

    private void AssertEnds(string errno, int when, string sentence)
    {
        (int exitCode, string error) = ServerProcess.RunUnder(
            Strace("epoll_ctl", errno, when), "--driver", driver);

        Assert.That(exitCode, Is.EqualTo(3));
        Assert.That(error, Does.StartWith(sentence));
        Assert.That(error.Split('\n'), Has.Length.EqualTo(1), "no stack trace");
    }

    // On each thread the call fails once; -D makes the tracer a child of the server.
    private static string[] Strace(string calls, string errno, int when) =>
    [
        ExternalTool.Require("strace", package: "strace"), "-D", "-f", "--seccomp-bpf",
        "-o", "/dev/null", "-e", $"trace={calls}", "-e", "signal=none",
        "-e", $"inject={calls}:error={errno}:when={when}",
    ];
}
