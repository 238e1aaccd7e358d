using System.Diagnostics.Metrics;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What records cost: nothing where nothing listens, and no memory where only the meter does.
/// </summary>
/// <remarks>The meter is the process's, so nothing else may be served meanwhile.</remarks>
[NonParallelizable]
[Category("Measured")]
public class RecordCostTests
{
    private const int Rounds = 50;

    private const int RequestsOfRound = 40;

    /// <summary>Less than the smallest object.</summary>
    private const int Noise = 8;

    [Test]
    public void Measuring_requests_allocates_nothing_for_a_request()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.ConnectNow();
        long without = Math.Min(BytesOf(server, peer), BytesOf(server, peer));
        int counted = 0;
        // Not MetricCollector: it keeps each measurement, and its memory would be counted as ours.
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, one) =>
            {
                if (instrument.Meter.Name == HttpMetrics.MeterName)
                {
                    one.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => counted++);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        listener.Start();
        long with = Math.Min(BytesOf(server, peer), BytesOf(server, peer));

        Assert.That(counted, Is.GreaterThanOrEqualTo(2 * Rounds * RequestsOfRound));
        Assert.That(
            (double)(with - without) / (Rounds * RequestsOfRound), Is.LessThan(Noise));
    }

    /// <summary>Bytes that rounds of pipelined requests allocate, after one to warm up.</summary>
    private static long BytesOf(ServerFixture server, HttpPeer peer)
    {
        string requests = string.Concat(Enumerable.Repeat(Get("/"), RequestsOfRound));
        long before = 0;
        for (int i = 0; i <= Rounds; i++)
        {
            peer.Send(requests);
            server.Settle();
            Assert.That(peer.Take(), Has.Count.EqualTo(RequestsOfRound));
            before = i == 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
