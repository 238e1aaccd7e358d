using Reactor.Testing;
using static System.StringComparison;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Every scenario, broken off by the client behind every byte of its request and behind every byte
/// of the answer, in every way there is: nothing stays, each request that was begun has one record,
/// nothing is logged that is not the application's own failure, and the handler is told once.
/// </summary>
/// <remarks>
/// One server serves all exchanges of a case, and what it holds is compared after each. Of an
/// answer longer than <see cref="EveryByteMax"/> the places are every byte of its beginning and its
/// end and a stride between; one in sixteen of these where the client takes all the rest.
/// </remarks>
public class AbandonedExchangeTests
{
    /// <summary>Longer than the whole answer of all scenarios but the big ones.</summary>
    private const int EveryByteMax = 1000;

    /// <summary>The head of those, the framing of the first chunk, and some content.</summary>
    private const int BeginningBytes = 150;

    private const int Strides = 10;

    private const int EndBytes = 4;

    /// <summary>
    /// Beyond the longest of the server's deadlines, that of a client which takes nothing: only a
    /// client that falls silent is left to them. 120 seconds for the pause, and before it as long
    /// as the least rate gives for the 128 KiB that a client may have in hand.
    /// </summary>
    private const double AllDeadlines = 120 + (128 * 1024 / 240.0) + 10;

    /// <summary>
    /// Enough for the handlers that wait, and less than any deadline of the server: the shortest
    /// are the 2 seconds in which a connection that is ended may be silent.
    /// </summary>
    private const double Answering = 1.9;

    /// <summary>How a client breaks an exchange off.</summary>
    public enum Ending
    {
        /// <summary>RST.</summary>
        Reset,

        /// <summary>It closes its socket: FIN, and RST to all that still comes.</summary>
        Close,

        /// <summary>FIN, and it reads to the end.</summary>
        HalfClose,

        /// <summary>The same; the FIN comes with the last byte of the request.</summary>
        HalfCloseAtOnce,

        /// <summary>It neither sends nor takes any more.</summary>
        Silence,
    }

    private static IEnumerable<TestCaseData> Cases() =>
        from scenario in ExchangeScenarios.All
        from ending in Enum.GetValues<Ending>()
        from watchesAll in new[] { false, true }
        select new TestCaseData(scenario, ending, watchesAll).SetArgDisplayNames(
            scenario.Name, ending.ToString(), watchesAll ? "watched" : "not watched");

    [TestCaseSource(nameof(Cases))]
    public void An_exchange_that_is_broken_off_at_any_byte_leaves_nothing(
        object scenario, Ending ending, bool watchesAll)
    {
        using var run = new Run((ExchangeScenario)scenario, watchesAll);
        run.PlayWhole();
        for (int cut = 0; cut <= run.Scenario.RequestBytes; cut++)
        {
            run.Play(ending, requestBytes: cut, responseBytes: null);
        }

        foreach (int cut in Cuts(run.ResponseBytes, ending))
        {
            run.Play(ending, run.Scenario.RequestBytes, responseBytes: cut);
        }

        run.AssertLog();
    }

    private static IEnumerable<int> Cuts(int bytes, Ending ending)
    {
        if (ending == Ending.HalfCloseAtOnce)
        {
            return []; // the answer begins when the request has ended
        }

        if (bytes <= EveryByteMax)
        {
            return Enumerable.Range(0, bytes + 1);
        }

        IEnumerable<int> places = Enumerable.Range(0, BeginningBytes)
            .Concat(Enumerable.Range(0, Strides).Select(i => (i * (bytes / Strides)) + i))
            .Concat(Enumerable.Range(bytes - EndBytes, EndBytes + 1))
            .Order()
            .Distinct();
        return ending == Ending.HalfClose
            ? places.Where((_, i) => i % 16 == 0) // it takes all the rest each time
            : places;
    }

    /// <summary>A server for one scenario, and the exchanges on it.</summary>
    private sealed class Run : IDisposable
    {
        private readonly List<AccessRecord> _records = [];
        private readonly List<int> _waits = [];
        private readonly ArrayPoolRents _rents = new();
        private readonly HandlerWitness _witness;
        private readonly ServerFixture _server;
        private readonly string[] _holdings;
        private List<RawAnswer> _answers = [];

        public Run(ExchangeScenario scenario, bool watchesAll)
        {
            Scenario = scenario;
            _witness = new HandlerWitness(TimeSpan.FromSeconds(0.9), watchesAll);
            HttpServerOptions options = scenario.Options;
            _server = new ServerFixture(
                app => scenario.AddRoutes(app, _witness),
                options with
                {
                    CancelHandlerOnDisconnect = options.CancelHandlerOnDisconnect || watchesAll,
                    Log = options.Log with { AccessLog = _records.Add },
                });
            _server.Settle();
            _holdings = Holdings();
        }

        public ExchangeScenario Scenario { get; }

        /// <summary>All that the server sends where nothing is broken off.</summary>
        public int ResponseBytes { get; private set; }

        /// <summary>The exchange as it is meant, and how many bytes each part waits for.</summary>
        public void PlayWhole()
        {
            HttpPeer peer = _server.ConnectNow();
            foreach (ScenarioPart part in Scenario.Parts)
            {
                _waits.Add(peer.ReceivedBytes);
                peer.Send(part.Bytes);
                if (part.Waits)
                {
                    _server.RunFor(Answering);
                }
            }

            _server.RunFor(Answering);
            ResponseBytes = peer.ReceivedBytes;
            peer.End();
            _server.RunFor(Answering);
            _answers = Finals(peer.Take(Scenario.Methods));
            Assert.That(_answers.Select(answer => answer.IsWhole), Is.All.True);
            Assert.That(_answers, Has.Count.EqualTo(Scenario.WholeBy(Scenario.RequestBytes)));
            Assert.That(_rents.Total, Is.GreaterThan(0), "rents are counted");
            AssertNothingIsLeft("undisturbed", _answers.Count);
        }

        /// <summary>One exchange that is broken off.</summary>
        /// <param name="ending">How.</param>
        /// <param name="requestBytes">What the client sends before it.</param>
        /// <param name="responseBytes">
        /// What it lets come before it; null: all that comes while it sends.
        /// </param>
        public void Play(Ending ending, int requestBytes, int? responseBytes)
        {
            string where = responseBytes is { } taken
                ? $"{ending} behind byte {taken} of the answer"
                : $"{ending} behind byte {requestBytes} of the request";
            _records.Clear();
            int told = _witness.Told;
            HttpPeer peer = _server.ConnectNow();
            peer.ReceiveBytesMax = responseBytes;
            int sent = Send(peer, requestBytes);
            if (responseBytes is not null)
            {
                _server.RunFor(Answering);
                Assert.That(peer.ReceivedBytes, Is.EqualTo(responseBytes), where);
            }
            else if (ending != Ending.HalfCloseAtOnce)
            {
                _server.Settle();
            }

            BreakOff(peer, ending);
            _server.RunFor(ending == Ending.Silence ? AllDeadlines : Answering);
            AssertNothingIsLeft(where, Scenario.BegunBy(sent));
            if (ending is Ending.HalfClose or Ending.HalfCloseAtOnce)
            {
                AssertAnswered(peer, sent, where);
            }

            bool isWaiting = Scenario.IsToldOfReset && sent == Scenario.RequestBytes
                && responseBytes is null;
            if (ending == Ending.Reset && isWaiting)
            {
                Assert.That(_witness.Told, Is.GreaterThan(told), where);
            }
        }

        /// <summary>
        /// What was logged is what handlers threw, once for each, and clients that took nothing.
        /// </summary>
        public void AssertLog()
        {
            LogQueue.Flush(TimeSpan.FromSeconds(10));
            string[] warnings =
            [
                .. _server.Log.Warnings.Where(
                    line => !line.Contains("takes nothing", Ordinal)),
            ];
            Assert.That(
                warnings.Where(line => !Scenario.HandlerFails || !line.Contains("threw", Ordinal)),
                Is.Empty);
            Assert.That(
                warnings, Has.Length.EqualTo(Scenario.HandlerFails ? _witness.Begun : 0));
        }

        public void Dispose()
        {
            _server.Dispose();
            _rents.Dispose();
        }

        private static void BreakOff(HttpPeer peer, Ending ending)
        {
            switch (ending)
            {
                case Ending.Reset:
                    peer.Reset();
                    break;
                case Ending.Close:
                    peer.Close();
                    break;
                case Ending.HalfClose or Ending.HalfCloseAtOnce:
                    peer.End();
                    peer.ReceiveBytesMax = null;
                    break;
                default:
                    peer.ReceiveBytesMax ??= peer.ReceivedBytes;
                    break;
            }
        }

        /// <summary>Sends as a client does; returns how much of it.</summary>
        private int Send(HttpPeer peer, int requestBytes)
        {
            int sent = 0;
            for (int i = 0; i < Scenario.Parts.Count && sent < requestBytes; i++)
            {
                ScenarioPart part = Scenario.Parts[i];
                if (i > 0 && part.Waits)
                {
                    _server.RunFor(Answering);
                    if (peer.ReceivedBytes < _waits[i])
                    {
                        return sent; // what it waits for does not come any more
                    }
                }

                int count = Math.Min(part.Bytes.Length, requestBytes - sent);
                peer.Send(part.Bytes[..count]);
                sent += count;
            }

            return sent;
        }

        private static List<RawAnswer> Finals(List<RawAnswer> answers) =>
            [.. answers.Where(answer => !answer.IsWhole || answer.Status >= 200)];

        /// <summary>All that can leak.</summary>
        private string[] Holdings()
        {
            _server.Http.Host.ReleasePooled(); // what is kept for the next request is no leak
            return
            [
                $"{_server.Http.ConnectionCount} connections",
                $"{_server.Loop.AllTasks().Count} tasks",
                $"{_server.ArmedTimers} timers",
                $"{_server.RentedBlocks} blocks",
                $"{_server.Http.Context.BudgetOf(_server.Loop).UsedBytes} bytes of bodies",
                $"{_rents.Count} rented arrays",
                $"{_server.Driver.OpenSockets} sockets",
                $"{_server.Driver.PendingEvents} network events",
                $"{_witness.Begun - _witness.Ended} handlers without an end",
            ];
        }

        private void AssertNothingIsLeft(string where, int begun)
        {
            string[] left = [.. Holdings().Except(_holdings)];
            Assert.That(left, Is.Empty, where);
            Assert.That(_records, Has.Count.EqualTo(begun), $"records: {where}");
            Assert.That(_witness.ToldMax, Is.LessThanOrEqualTo(1), $"told: {where}");
        }

        /// <summary>
        /// What was sent whole is answered as ever, and then the connection ends in order. A
        /// request that was not may have an answer, too, or be dropped, or cut off in its answer.
        /// </summary>
        private void AssertAnswered(HttpPeer peer, int sent, string where)
        {
            int whole = Scenario.WholeBy(sent);
            List<RawAnswer> finals = Finals(peer.Take(Scenario.Methods));
            Assert.That(finals, Has.Count.InRange(whole, whole + 1), where);
            for (int i = 0; i < whole; i++)
            {
                Assert.That(finals[i].IsWhole, where);
                Assert.That(finals[i].StatusLine, Is.EqualTo(_answers[i].StatusLine), where);
                Assert.That(finals[i].Body.AsSpan().SequenceEqual(_answers[i].Body), where);
                Assert.That(finals[i].Trailers, Is.EqualTo(_answers[i].Trailers), where);
            }

            if (whole == Scenario.BegunBy(sent))
            {
                Assert.That(finals, Has.Count.EqualTo(whole), where);
                Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)), where);
            }
        }
    }
}
