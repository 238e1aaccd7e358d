using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>What OpenTelemetry's SDK collects from a server; see docs/observability.md.</summary>
/// <remarks>Meter and source are the process's, so nothing else may be served meanwhile.</remarks>
[NonParallelizable]
public class OpenTelemetryTests
{
    [Test]
    public void An_exporter_gets_the_durations_by_route_in_the_buckets_of_the_conventions()
    {
        var metrics = new List<MetricSnapshot>();
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(HttpMetrics.MeterName)
            .AddInMemoryExporter(metrics)
            .Build();
        using (var server = new ServerFixture(AddRoutes))
        {
            server.Connect().Send(Get("/wait/1"));
            server.Connect().Send(Get("/wait/2") + Get("/none"));
            server.RunFor(2);
        }

        provider.ForceFlush();
        Assert.That(metrics.Select(metric => metric.Name), Is.SupersetOf(new[]
        {
            "http.server.request.duration", "http.server.active_requests",
            "reactor.http.server.request.loop_time",
        }));
        MetricPoint[] points =
            [.. metrics.Single(one => one.Name == "http.server.request.duration").MetricPoints];
        MetricPoint waits = points.Single(
            point => Tags(point).Contains(new("http.route", "/wait/{id}")));
        Assert.That(waits.GetHistogramCount(), Is.EqualTo(2));
        Assert.That(waits.GetHistogramSum(), Is.EqualTo(2).Within(0.01));
        var bounds = new List<double>();
        foreach (HistogramBucket bucket in waits.GetHistogramBuckets())
        {
            bounds.Add(bucket.ExplicitBound);
        }

        Assert.That(bounds, Is.EqualTo(new[]
        {
            0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
            double.PositiveInfinity,
        }));
        Assert.That(points, Has.Length.EqualTo(2), "one for the route, one for no route");
    }

    [Test]
    public void An_exporter_gets_the_spans()
    {
        var spans = new List<Activity>();
        using (Sdk.CreateTracerProviderBuilder()
            .AddSource(HttpTraces.SourceName)
            .AddInMemoryExporter(spans)
            .Build())
        {
            using var server = new ServerFixture(AddRoutes);
            server.Connect().Send(Get("/wait/1"));
            server.RunFor(2);
        }

        Assert.That(
            spans.Select(span => (span.DisplayName, span.Kind, span.Source.Name)),
            Is.EqualTo(new[] { ("GET /wait/{id}", ActivityKind.Server, "Reactor.Http") }));
    }

    private static Dictionary<string, object?> Tags(MetricPoint point)
    {
        var tags = new Dictionary<string, object?>();
        foreach (KeyValuePair<string, object?> tag in point.Tags)
        {
            tags.Add(tag.Key, tag.Value);
        }

        return tags;
    }

    private static void AddRoutes(Application app) => app.Get("/wait/{id}", async _ =>
    {
        await EventLoop.Delay(TimeSpan.FromSeconds(1));
        return Response.Text("waited");
    });
}
