// The hazard: a change of the saved run that the export of traces does not follow.

using System.Text;
using Reactor.Inspector;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Report;

[TestFixture]
public sealed class TraceExportTests
{
    [Test]
    public void The_export_of_traces_reads_saved_runs()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            LoadResult result = Results.Of(seed);
            var run = LoadgenRun.Parse(Encoding.UTF8.GetBytes(Results.Json(result)));
            Assert.That(run.StartedAt, Is.EqualTo(result.StartedAt));
            Assert.That(run.Elapsed, Is.EqualTo(result.Elapsed));
            Assert.That(run.WarmUp, Is.EqualTo(result.Run.WarmUp));
            Assert.That(run.Url, Is.EqualTo(result.Run.Url));
        }
    }
}
