using System.Net.Sockets;
using Reactor.Testing;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// As <see cref="AbandonedExchangeTests"/>, on the real kernel: fewer places, real resets, and the
/// process's descriptors counted.
/// </summary>
/// <remarks>
/// The clients of a scenario are served at the same time, so that handlers which wait do it
/// together.
/// </remarks>
[NonParallelizable]
public class AbandonedExchangeOnSocketsTests
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    public enum Ending
    {
        Reset,
        Close,
        HalfClose,
    }

    private static IEnumerable<TestCaseData> Cases() =>
        from driver in RealDrivers.Names
        from scenario in ExchangeScenarios.All
        select new TestCaseData(driver, scenario).SetArgDisplayNames(driver, scenario.Name);

    [TestCaseSource(nameof(Cases))]
    public void An_exchange_that_is_broken_off_on_a_real_kernel_leaves_nothing(
        string driver, object boxed)
    {
        var scenario = (ExchangeScenario)boxed;
        var witness = new HandlerWitness(TimeSpan.FromMilliseconds(20));
        var records = new List<AccessRecord>();
        using var server = new RealServer(
            driver,
            app => scenario.AddRoutes(app, witness),
            scenario.Options with
            {
                Log = scenario.Options.Log with
                {
                    AccessLog = records.Add,
                    FailureLinesPerSecond = 1000,
                },
            });
        int before = RealServer.Sockets;
        Client[] whole = [new(server, scenario, Ending.HalfClose, scenario.RequestBytes, null)];
        PlayAll(server, whole);
        AssertDescriptors(before);
        server.OnLoop(() => records.RemoveAll(_ => true));
        List<RawAnswer> answers = whole[0].Answers;
        Assert.That(answers.Select(answer => answer.IsWhole), Is.All.True);

        Client[] clients = [.. Clients(server, scenario, whole[0])];
        PlayAll(server, clients);
        AssertDescriptors(before);
        int begun = server.OnLoop(() => records.Count);
        int begunMax = clients.Sum(client => scenario.BegunBy(client.SentBytes));
        int begunMin = clients.Where(client => client.Ending == Ending.HalfClose)
            .Sum(client => scenario.BegunBy(client.SentBytes));
        Assert.That(
            begun, Is.InRange(begunMin, begunMax), "a reset may destroy what was not read yet");
        Assert.That(witness.Ended, Is.EqualTo(witness.Begun));
        Assert.That(witness.ToldMax, Is.LessThanOrEqualTo(1));
        LogQueue.Flush(s_hung);
        // A failure is no error where the client had gone before it.
        Assert.That(
            server.Log.Messages.Count(line => line.Contains("threw", StringComparison.Ordinal)),
            Is.EqualTo(scenario.HandlerFails ? witness.Begun : 0));
        Assert.That(server.Log.Warnings.All(
            line => line.Contains("threw; its response is 500", StringComparison.Ordinal)));
        foreach (Client client in clients)
        {
            client.AssertAnswered(answers);
        }
    }

    private static IEnumerable<Client> Clients(
        RealServer server, ExchangeScenario scenario, Client whole)
    {
        foreach (Ending ending in Enum.GetValues<Ending>())
        {
            foreach (int at in Places(scenario.RequestBytes))
            {
                yield return new Client(server, scenario, ending, at, null);
            }

            foreach (int at in Places(whole.ReceivedBytes))
            {
                yield return new Client(server, scenario, ending, scenario.RequestBytes, at);
            }
        }
    }

    private static int[] Places(int bytes) =>
        [.. new[] { 0, 1, bytes / 2, bytes - 1, bytes }.Distinct()];

    private static void PlayAll(RealServer server, Client[] clients)
    {
        for (int i = 0; i < clients[0].Scenario.Parts.Count; i++)
        {
            foreach (Client client in clients)
            {
                client.Send(i);
            }
        }

        foreach (Client client in clients)
        {
            client.Take();
        }

        foreach (Client client in clients)
        {
            client.BreakOff();
        }

        server.WaitUntilQuiet();
    }

    // A descriptor is given back when the last thread that uses it lets go.
    private static void AssertDescriptors(int before) => Assert.That(
        SpinWait.SpinUntil(() => RealServer.Sockets <= before, s_hung),
        () => $"{RealServer.Sockets} sockets, {before} before");

    /// <summary>One client; the test's thread.</summary>
    private sealed class Client(
        RealServer server,
        ExchangeScenario scenario,
        Ending ending,
        int requestBytes,
        int? responseBytes)
    {
        private static readonly byte[] s_buffer = new byte[256 * 1024];

        private readonly Socket _socket = server.Connect();
        private readonly List<byte> _received = [];
        private SocketError _error;
        private bool _hasEnded;

        public ExchangeScenario Scenario => scenario;

        public Ending Ending => ending;

        public int SentBytes { get; private set; }

        public int ReceivedBytes => _received.Count;

        /// <summary>What was received, interim answers included.</summary>
        public List<RawAnswer> Answers =>
            RawAnswer.ParseAll([.. _received], _hasEnded, scenario.Methods);

        /// <summary>
        /// Sends a part, behind an answer to each one before it, unless it is cut off by then.
        /// </summary>
        public void Send(int i)
        {
            ScenarioPart part = scenario.Parts[i];
            while (part.Waits && SentBytes < requestBytes && MayTake
                && Answers.Count(answer => answer.IsWhole) < i)
            {
                Receive();
            }

            if (MayTake || i == 0)
            {
                int count = Math.Min(part.Bytes.Length, requestBytes - SentBytes);
                RealServer.Send(_socket, part.Bytes[..count]);
                SentBytes += count;
            }
        }

        /// <summary>Takes as much of the answer as it is to take.</summary>
        public void Take()
        {
            while (responseBytes is not null && MayTake)
            {
                Receive();
            }
        }

        public void BreakOff()
        {
            if (ending == Ending.HalfClose)
            {
                _socket.Shutdown(SocketShutdown.Send);
                while (!_hasEnded)
                {
                    Receive(toTheEnd: true);
                }
            }

            if (ending == Ending.Reset)
            {
                _socket.LingerState = new LingerOption(true, 0);
            }

            _socket.Dispose();
        }

        /// <summary>Who only half-closed has all answers to what it sent whole.</summary>
        public void AssertAnswered(List<RawAnswer> expected)
        {
            if (ending != Ending.HalfClose || scenario.WholeBy(SentBytes) == 0)
            {
                return;
            }

            RawAnswer[] finals = [.. Answers.Where(answer => answer.Status >= 200)];
            RawAnswer[] finalsExpected = [.. expected.Where(answer => answer.Status >= 200)];
            for (int i = 0; i < scenario.WholeBy(SentBytes); i++)
            {
                Assert.That(finals[i].IsWhole);
                Assert.That(finals[i].StatusLine, Is.EqualTo(finalsExpected[i].StatusLine));
                Assert.That(finals[i].Body.AsSpan().SequenceEqual(finalsExpected[i].Body));
            }

            Assert.That(_error, Is.EqualTo(SocketError.Success));
        }

        private bool MayTake => !_hasEnded && !(_received.Count >= responseBytes);

        private void Receive(bool toTheEnd = false)
        {
            int most = toTheEnd || responseBytes is null
                ? s_buffer.Length
                : Math.Min(s_buffer.Length, responseBytes.Value - _received.Count);
            int count = _socket.Receive(s_buffer.AsSpan(0, most), SocketFlags.None, out _error);
            Assert.That(_error, Is.Not.EqualTo(SocketError.TimedOut), "the server hangs");
            _received.AddRange(s_buffer.AsSpan(0, count));
            _hasEnded = count == 0;
        }
    }
}
