// What becomes of a run: Markdown, JSON, and a page that can be read alone. The page is parsed as
// XML, which it also is.
using System.Text.Json;
using System.Xml.Linq;
using Reactor.Bench.Servers;
using Reactor.Bench.Servers.Report;

namespace Bench.Tests;

[TestFixture]
public sealed class ReportTests
{
    private static XElement Page => XDocument.Parse(HtmlReport.Write(SampleRun.Make())).Root!;

    [Test]
    public void A_table_has_medians_ranges_ratios_and_refusals()
    {
        ResultTable table = ResultTables.From(SampleRun.Make())
            .Single(table => table.Key == "connections");

        const string Floor = "2.00 (1.50–2.50) **1.00×**";
        const string Ours = "4.00 (1.00–9.00) **2.00×**";
        Assert.That(MarkdownReport.Table(table), Is.EqualTo($"""
            | µs of CPU | 1 | 64 | 4,096 |
            |---|---:|---:|---:|
            | floor | {Floor} | {Floor} | {Floor} |
            | nginx <b> | 2.50 **1.25×** | refused: Socket errors: 1 & 2 | 2.50 **1.25×** |
            | ours (epoll) | {Ours} | {Ours} | {Ours} |

            """));
    }

    // Three rounds of 1, 4 and 9 µs beside 2, 4 and 3 µs: 0.5, 1 and 3 times as much.
    [Test]
    public void A_counterpart_is_compared_within_each_round()
    {
        RunRecord run = SampleRun.Make();
        run.Peers[2] = run.Peers[2] with { Base = "before-epoll" };
        run.Peers.Add(new PeerRecord("before-epoll", "before (epoll)", "def"));
        double[] before = [2, 4, 3];
        for (int round = 1; round <= 3; round++)
        {
            run.Costs.Add(SampleRun.Cost("before-epoll", 64, round, before[round - 1]));
        }

        ResultTable table = ResultTables.From(run).Single(table => table.Key == "pairs");

        Assert.That(MarkdownReport.Table(table), Is.EqualTo("""
            | × | keep-alive |
            |---|---:|
            | ours (epoll) : before (epoll) | 1.00 (0.50–3.00) |

            """));
    }

    [Test]
    public void A_refused_counterpart_has_no_ratio()
    {
        RunRecord run = SampleRun.Make();
        run.Peers[2] = run.Peers[2] with { Base = "nginx" };

        ResultTable table = ResultTables.From(run).Single(table => table.Key == "pairs");

        Assert.That(
            MarkdownReport.Table(table),
            Does.EndWith("| ours (epoll) : nginx <b> | refused: Socket errors: 1 & 2 |\n"));
    }

    [Test]
    public void Without_counterparts_there_is_no_table_of_them() => Assert.That(
        ResultTables.From(SampleRun.Make()).Select(table => table.Key),
        Does.Not.Contain("pairs"));

    [Test]
    public void Allocations_come_with_the_collections() => Assert.That(
        MarkdownReport.Write(SampleRun.Make()), Does.Contain("| ours (epoll) | 12.3 [3/1/0] |"));

    [Test]
    public void Wrk_and_loadgen_stand_beside_each_other()
    {
        string text = MarkdownReport.Write(SampleRun.Make());

        Assert.That(text, Does.Contain("| keep-alive, wrk | keep-alive, loadgen |\n"));
        Assert.That(text, Does.Contain("| ours (epoll) | 101 | 103 |\n"));
        Assert.That(text, Does.Contain("| ours (epoll) | 900 | 800 |\n"));
    }

    [Test]
    public void Resident_memory_is_shown_after_the_first_response_and_after_the_load() =>
        Assert.That(
            MarkdownReport.Table(ResultTables.From(SampleRun.Make())
                .Single(table => table.Key == "resident")),
            Does.EndWith("| ours (epoll) | 8.00 | 14.0 |\n"));

    [Test]
    public void The_report_names_the_day_the_machine_the_command_and_who_is_missing()
    {
        string text = MarkdownReport.Write(SampleRun.Make());

        Assert.That(text, Does.StartWith("# Side by side, 2026-11-22\n\nAMD EPYC, 2 cores, "));
        Assert.That(text, Does.Contain("\n```\nbench/run --rounds 3\n```\n"));
        Assert.That(text, Does.Contain("\n- node is left out: install the package nodejs.\n"));
    }

    [Test]
    public void Nobody_without_a_figure_has_a_row() => Assert.That(
        ResultTables.From(SampleRun.Make()).Single(table => table.Key == "idle").Rows
            .Select(row => row.Peer.Key),
        Is.EqualTo(["epoll"]));

    [Test]
    public void The_raw_figures_can_be_read_again()
    {
        RunRecord run = JsonSerializer.Deserialize(
            RunJson.Write(SampleRun.Make()), RunJson.Default.RunRecord)!;

        Assert.That(MarkdownReport.Write(run), Is.EqualTo(MarkdownReport.Write(SampleRun.Make())));
    }

    [Test]
    public void The_page_needs_no_other_file_and_no_script()
    {
        Assert.That(Page.Descendants("script"), Is.Empty);
        Assert.That(Page.Descendants("link"), Is.Empty);
        Assert.That(Page.Descendants().Attributes("src"), Is.Empty);
        string[] links = [.. Page.Descendants().Attributes("href").Select(link => link.Value)];
        Assert.That(links, Is.All.StartsWith("#"));
        Assert.That(links, Is.Not.Empty);
        Assert.That(Page.Descendants("style").Single().Value, Does.Not.Contain("url("));
    }

    [Test]
    public void Every_picture_has_a_title_and_a_description()
    {
        XElement[] pictures = [.. Page.Descendants("svg")];

        Assert.That(pictures, Has.Length.EqualTo(11)); // one of lines, ten of one column each
        foreach (XElement picture in pictures)
        {
            string[] ids = picture.Attribute("aria-labelledby")!.Value.Split(' ');
            Assert.That(ids.Select(id => picture.Elements().Single(
                child => child.Attribute("id")?.Value == id).Value), Is.All.Not.Empty);
        }

        Assert.That(Page.Descendants().Attributes("id").Select(id => id.Value), Is.Unique);
    }

    [Test]
    public void A_refused_figure_leaves_a_gap_in_its_line()
    {
        XElement picture = Page.Descendants("svg").Single(
            svg => svg.Element("title")!.Value == "Cost over connections");
        XElement[] nginx = [.. picture.Elements("polyline").Where(
            line => line.Attribute("class")!.Value.EndsWith("p-nginx", StringComparison.Ordinal))];

        Assert.That(nginx, Has.Length.EqualTo(2));
        Assert.That(
            nginx.Select(line => line.Attribute("points")!.Value.Split(' ').Length),
            Is.All.EqualTo(1));
    }

    // The lines go from 0 at the lower end, y = 262, to the highest mark, 4, at y = 18.
    [Test]
    public void Lines_begin_at_zero_and_spread_by_the_logarithm()
    {
        XElement picture = Page.Descendants("svg").Single(
            svg => svg.Element("title")!.Value == "Cost over connections");

        string points = picture.Elements("polyline").First().Attribute("points")!.Value;

        // 64 lies in the middle of 1 and 4,096: 6 of 12 doublings.
        Assert.That(points, Is.EqualTo("34.0,140.0 186.0,140.0 338.0,140.0"));
    }

    [TestCase(0.9, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [TestCase(5, new double[] { 0, 1, 2, 3, 4, 5 })]
    [TestCase(5.1, new double[] { 0, 2, 4, 6 })]
    [TestCase(38.7, new double[] { 0, 10, 20, 30, 40 })]
    [TestCase(1000, new double[] { 0, 200, 400, 600, 800, 1000 })]
    public void Marks_are_round_numbers_up_to_the_highest(double highest, double[] expected) =>
        Assert.That(Axis.Ticks(highest), Is.EqualTo(expected).Within(1e-9));

    [TestCase(0, "0")]
    [TestCase(1.234, "1.23")]
    [TestCase(9.999, "10.0")]
    [TestCase(99.96, "100")]
    [TestCase(12345.6, "12,346")]
    public void Figures_show_three_digits(double figure, string expected) =>
        Assert.That(FigureText.Of(figure), Is.EqualTo(expected));

    [TestCase("Intel(R) Xeon(R) CPU @ 2.20GHz", "2026-11-22-intel-r-xeon-r-cpu-2-20ghz-2-cores")]
    [TestCase("AMD EPYC", "2026-11-22-amd-epyc-2-cores")]
    public void The_files_are_named_after_day_and_machine(string cpu, string expected)
    {
        RunRecord run = SampleRun.Make();

        Assert.That(
            Machine.FileName(run.Begun, run.Machine with { Cpu = cpu }), Is.EqualTo(expected));
    }

    [Test]
    public void The_processor_is_the_first_that_has_a_name() => Assert.That(
        Machine.CpuModel(["processor\t: 0", "model name\t: AMD EPYC 7R13", "model name\t: B"]),
        Is.EqualTo("AMD EPYC 7R13"));
}
