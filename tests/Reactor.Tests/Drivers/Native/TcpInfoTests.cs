using Reactor.Drivers;

namespace Reactor.Tests.Drivers;

/// <summary>What is read from <c>struct tcp_info</c> (linux/tcp.h).</summary>
public class TcpInfoTests
{
    // net/tcp_states.h. An ICMP error, such as an unreachable host, leaves the state as it is: the
    // kernel goes on retransmitting, and gives up by closing.
    [TestCase(1, true, TestName = "ESTABLISHED can deliver")]
    [TestCase(4, true, TestName = "FIN_WAIT1 can deliver")]
    [TestCase(5, true, TestName = "FIN_WAIT2 can deliver")]
    [TestCase(7, false, TestName = "CLOSE cannot deliver")]
    [TestCase(8, true, TestName = "CLOSE_WAIT can deliver")]
    [TestCase(9, true, TestName = "LAST_ACK can deliver")]
    [TestCase(11, true, TestName = "CLOSING can deliver")]
    public void A_connection_has_failed_only_in_the_state_CLOSE(byte state, bool isOpen) =>
        Assert.That(TcpInfo.IsOpen([state, 0, 0]), Is.EqualTo(isOpen));

    [Test]
    public void What_has_no_such_structure_is_judged_by_its_errors() =>
        Assert.That(TcpInfo.IsOpen([]), Is.False);
}
