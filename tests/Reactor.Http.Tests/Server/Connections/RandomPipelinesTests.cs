using System.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A hundred thousand random pipelines, valid, broken and cut at any byte, under each combination
/// of the options: every handler that ran has exactly one record, whose outcome is what the client
/// could see, and no handler starts once its client can be sent nothing more.
/// </summary>
/// <remarks>
/// The oracle is the client: what it has received is read by a parser of the tests' own. The
/// network delays nothing, so what a client has not received when it resets, it never could see. A
/// client that has closed its socket may still be sent what it cannot see: the kernel takes it, and
/// only the reset that answers it tells. In half of the parts the kernel also takes more than the
/// client has room for: then a response may be complete and not seen, unless the connection ends
/// with it. To see a failure again, set the printed seed and run the part.
/// </remarks>
[Category("Slow")]
[Parallelizable(ParallelScope.All)]
public class RandomPipelinesTests
{
    private const int Parts = 8;

    private const int PipelinesOfPart = 100_000 / Parts;

    private const int ClientsAtOnce = 50;

    /// <summary>
    /// Less, with all the pieces of a client, than every deadline: only silent clients meet one.
    /// </summary>
    private const double PauseMax = 0.4;

    [Test]
    public void Every_handler_has_one_record_that_says_what_its_client_could_see(
        [Range(0, Parts - 1)] int part)
    {
        var options = new HttpServerOptions
        {
            CancelHandlerOnDisconnect = (part & 1) != 0,
            HalfCloseIsDisconnect = (part & 2) != 0,
            Limits = new()
            {
                RequestsPerTurn = (part & 4) != 0 ? 2 : 64,
                FlushBytes = (part & 4) != 0 ? 300 : 64 * 1024,
                DrainBytesMax = (part & 4) != 0 ? 4 : 256 * 1024,
            },
        };
        var network = new InMemoryOptions { SendBufferBytes = (part & 4) != 0 ? 100_000 : 0 };
        var random = new Random(unchecked((TestSeed.Next() * 397) ^ part));
        using var run = new Run(options, network, random);
        for (int i = 0; i < PipelinesOfPart; i += ClientsAtOnce)
        {
            run.Play(ClientsAtOnce);
        }

        Assert.That(run.HandlersBegun, Is.GreaterThan(PipelinesOfPart));
        Assert.That(run.Outcomes, Has.Length.EqualTo(3));
        Assert.That(run.Outcomes, Is.All.GreaterThan(PipelinesOfPart / 100), "each occurs often");
    }

    /// <summary>One server, and the clients that it has at the moment.</summary>
    private sealed class Run : IDisposable
    {
        private readonly List<Client> _clients = [];
        private readonly Dictionary<EndPoint, Client> _byPeer = [];
        private readonly PipelineApplication _application = new();
        private readonly Random _random;
        private readonly ServerFixture _server;
        private readonly bool _hasDeepBuffers;
        private int _number;

        public Run(HttpServerOptions options, InMemoryOptions network, Random random)
        {
            _hasDeepBuffers = network.SendBufferBytes > 0;
            _random = random;
            _server = new ServerFixture(
                _application.AddRoutes,
                options with
                {
                    Log = options.Log with { AccessLog = Note, RefusalLinesPerSecond = 0 },
                },
                network);
        }

        public int HandlersBegun { get; private set; }

        public int[] Outcomes { get; } = new int[Enum.GetValues<RequestOutcome>().Length];

        /// <summary>Some clients at the same time, from their first byte to the last.</summary>
        public void Play(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _clients.Add(new Client(
                    _server.Connect(), new RandomPipeline(_random, ++_number), _random));
            }

            _server.Settle();
            _clients.ForEach(client => _byPeer.Add(client.Peer.LocalEndPoint!, client));
            bool isBusy = true;
            while (isBusy)
            {
                isBusy = false;
                _clients.ForEach(client => isBusy |= client.Step());
                _server.RunFor(_random.NextDouble() * PauseMax);
                foreach (Client client in _clients.Where(client => client.HasReset))
                {
                    _application.NoteGone(client.Pipeline.Number);
                }
            }

            _server.RunFor(5);
            _clients.ForEach(client => client.End());
            _server.RunFor(1000); // past every deadline
            Assert.That(_server.ConnectionTasks, Is.Zero);
            foreach (Client client in _clients)
            {
                client.AssertRecords(
                    _application.Begun, _server.Http.Options, _hasDeepBuffers);
            }

            Assert.That(_application.BegunTooLate, Is.Empty, "begun after the output broke");
            HandlersBegun += _application.Begun.Count;
            _application.Forget();
            _clients.Clear();
            _byPeer.Clear();
        }

        public void Dispose() => _server.Dispose();

        private void Note(AccessRecord record)
        {
            Outcomes[(int)record.Outcome]++;
            _byPeer[record.Peer!].Records.Add(record);
        }
    }

    /// <summary>One client, its pipeline, and what is recorded of it.</summary>
    private sealed class Client(HttpPeer peer, RandomPipeline pipeline, Random random)
    {
        private int _sent;
        private bool _hasBrokenOff;
        private bool _hasEnded;

        public HttpPeer Peer => peer;

        public List<AccessRecord> Records { get; } = [];

        /// <summary>True once the client has reset the connection or closed its socket.</summary>
        public bool IsGone => _hasBrokenOff
            && pipeline.Ending is PipelineEnding.Reset or PipelineEnding.Close;

        public bool HasReset => _hasBrokenOff && pipeline.Ending == PipelineEnding.Reset;

        public RandomPipeline Pipeline => pipeline;

        /// <summary>Sends the next piece, or breaks off; false if nothing is left.</summary>
        public bool Step()
        {
            if (_sent == 0)
            {
                peer.ReceiveBytesMax = pipeline.ReceiveBytesMax;
            }

            if (_sent < pipeline.Bytes.Length)
            {
                int rest = pipeline.Bytes.Length - _sent;
                int count = pipeline.PiecesMax == 1 ? rest : random.Next(1, rest + 1);
                count = Math.Max(count, rest / pipeline.PiecesMax);
                peer.Send(pipeline.Bytes.AsSpan(_sent, count));
                _sent += count;
                return true;
            }

            if (_hasBrokenOff)
            {
                return false;
            }

            _hasBrokenOff = true;
            BreakOff();
            return true;
        }

        /// <summary>A client that has all its answers ends its stream.</summary>
        public void End()
        {
            if (pipeline.Ending == PipelineEnding.Polite)
            {
                EndStream();
            }
        }

        public void AssertRecords(
            IReadOnlyDictionary<string, int> begun, HttpServerOptions options, bool hasDeepBuffers)
        {
            RawAnswer[] answers = [.. peer.Take(Methods)
                .Where(one => !one.IsWhole || one.Status >= 200)];
            for (int i = 0; i < pipeline.Requests.Count; i++)
            {
                PipelineRequest request = pipeline.Requests[i];
                int records = Records.Count(one => one.Path == request.Path);
                int handlers = begun.GetValueOrDefault(request.Path);
                Assert.That(handlers, Is.LessThanOrEqualTo(1), Describe(i));
                Assert.That(records, Is.LessThanOrEqualTo(1), Describe(i));
                Assert.That(records, Is.GreaterThanOrEqualTo(handlers), Describe(i));
            }

            Assert.That(Records, Has.Count.LessThanOrEqualTo(pipeline.Requests.Count), Describe(0));
            for (int i = 0; i < Records.Count; i++)
            {
                bool mayBeUnseen = pipeline.Ending == PipelineEnding.Close
                    || (hasDeepBuffers && !pipeline.Requests[i].EndsConnection);
                AssertOutcome(i, i < answers.Length ? answers[i] : null, options, mayBeUnseen);
            }
        }

        private string[] Methods => [.. pipeline.Requests.Select(one => one.Method)];

        private void AssertOutcome(
            int i, RawAnswer? answer, HttpServerOptions options, bool mayBeUnseen)
        {
            AccessRecord record = Records[i];
            PipelineRequest request = pipeline.Requests[i];
            bool isSeen = answer is { IsWhole: true };
            bool isComplete = record.Outcome == RequestOutcome.Complete;
            Assert.That(isSeen || !isComplete || mayBeUnseen, Describe(i));
            if (isSeen && pipeline.IsWhole(i))
            {
                Assert.That(isComplete, Describe(i));
                Assert.That(record.Status, Is.EqualTo(answer!.Status), Describe(i));
                bool echoes = answer.Status == 200 && request.Method != "HEAD"
                    && request.Kind != "large";
                Assert.That(!echoes || answer.Text == request.Path, Describe(i));
            }

            bool mayLeave = IsGone || !pipeline.IsWhole(i)
                || (options.HalfCloseIsDisconnect && _hasEnded);
            Assert.That(
                mayLeave || record.Outcome != RequestOutcome.AbortedByClient, Describe(i));
            // A reset for a later request takes what the client did not let come.
            bool mayBeCut = pipeline.Requests.Skip(i).Any(later => later.IsBrokenOffByServer)
                || pipeline.Ending == PipelineEnding.Silence || !pipeline.IsWhole(i);
            Assert.That(
                mayBeCut || record.Outcome != RequestOutcome.AbortedByServer, Describe(i));
        }

        private void BreakOff()
        {
            switch (pipeline.Ending)
            {
                case PipelineEnding.HalfClose:
                    EndStream();
                    break;
                case PipelineEnding.Reset:
                    peer.Reset();
                    break;
                case PipelineEnding.Close:
                    peer.Close();
                    break;
                case PipelineEnding.Silence:
                    peer.ReceiveBytesMax ??= peer.ReceivedBytes;
                    break;
            }
        }

        private void EndStream()
        {
            _hasEnded = true;
            peer.End();
        }

        private string Describe(int i) =>
            $"request {i} of {pipeline}; records: {string.Join("; ", Records)}; received "
            + $"{peer.ReceivedBytes} bytes, ended {peer.IsEnded}, reset {peer.IsReset}";
    }
}
