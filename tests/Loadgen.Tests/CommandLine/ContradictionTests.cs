using static Loadgen.Tests.PlanWords;

namespace Loadgen.Tests;

/// <summary>Options that exclude each other, and options that would have no effect.</summary>
public class ContradictionTests
{
    private const string Url = "http://127.0.0.1:8080/plaintext";

    private const string NeedsRate =
        "needs a rate, -R or --stage: without one a request is sent when a response arrives.";

    [TestCase("--arrivals poisson " + NeedsRate, "--arrivals", "poisson")]
    [TestCase("--on-full drop " + NeedsRate, "--on-full", "drop")]
    [TestCase("--on-full drop " + NeedsRate, "--on-full", "drop", "--stage", "1s:1c")]
    [TestCase(
        "--idle spin needs a rate, -R or --stage: without one there is no instant to wait for.",
        "--idle", "spin")]
    [TestCase(
        "-U needs a rate, -R or --stage: without one every time is the service time already.",
        "-U")]
    public void What_belongs_to_a_rate_needs_one(string sentence, params string[] words) =>
        Assert.That(Refuse([Url, .. words]), Is.EqualTo(sentence));

    [TestCase("server_cpu_us_per_req:value<9us", "needs --server-pid, --server-cgroup or "
        + "--server-unit.", "-R", "5")]
    [TestCase("rate_achieved:value>0.99", "needs a rate, -R or --stage.")]
    [TestCase(
        "lateness:p(99)<1ms", "needs 1000 requests, and the run has 999.", "-R", "999", "-d", "1")]
    [TestCase(
        "http_req_duration:p(50)<1ms", "needs 20 requests, and the run has 19.", "-n", "19")]
    public void A_threshold_that_no_result_can_meet_is_refused(
        string threshold, string why, params string[] words) => Assert.That(
            Refuse([Url, "--threshold", threshold, .. words]),
            Is.EqualTo($"--threshold '{threshold}' {why}"));

    [TestCase("lateness:p(99)<1ms", "-R", "1000", "-d", "1")]
    [TestCase("http_req_duration:p(50)<1ms", "-n", "20")]
    [TestCase("http_req_duration:max<1ms", "-n", "1")]
    [TestCase("server_cpu_us_per_req:value<9", "--server-pid", "1")]
    public void A_threshold_that_a_result_can_just_meet_is_accepted(
        string threshold, params string[] words) => Assert.That(
            ReadAll([Url, "--threshold", threshold, .. words]).Judge.Thresholds,
            Has.Count.EqualTo(1));

    [TestCase(
        "-R 5 and --stage 1s:2c exclude each other: with a rate the number of connections is "
            + "fixed, -c.",
        "-R", "5", "--stage", "1s:2c")]
    [TestCase(
        "--stage: rates and connections cannot be mixed; write c behind each target, or behind "
            + "none.",
        "--stage", "1s:2c", "--stage", "1s:2")]
    [TestCase(
        "-d 5s and --stage exclude each other: the stages are the duration.",
        "--stage", "1s:2", "-d", "5s")]
    [TestCase(
        "--stage: the stages must last longer than 0 and at most 24h in all.",
        "--stage", "0s:2")]
    [TestCase(
        "--stage: the stages must last longer than 0 and at most 24h in all.",
        "--stage", "24h:2", "--stage", "1ms:2")]
    [TestCase(
        "--stage: the stages ask for no request; a target must be above 0.",
        "--stage", "10s:0", "--stage", "0s:5")]
    [TestCase(
        "--stage: the stages ask for no request; a target must be above 0.",
        "--stage", "10s:0c")]
    public void Stages_are_either_rates_or_connections(string sentence, params string[] words) =>
        Assert.That(Refuse([Url, .. words]), Is.EqualTo(sentence));

    [TestCase("--stage must be TIME:TARGET, such as 30s:1k or 30s:100c, not '5'.", "5")]
    [TestCase("--stage must be TIME:TARGET, such as 30s:1k or 30s:100c, not 'x:5'.", "x:5")]
    [TestCase("--stage must have 0 to 65535 connections, not '65536c'.", "1s:65536c")]
    [TestCase("--stage must have 0 to 65535 connections, not '1.5c'.", "1s:1.5c")]
    [TestCase(
        "--stage must have a rate from 0 to 100000000/s as its target, or connections such as "
            + "100c, not '-1'.",
        "1s:-1")]
    public void A_stage_has_a_time_and_a_target(string sentence, string stage) =>
        Assert.That(Refuse(Url, "--stage", stage), Is.EqualTo(sentence));

    [TestCase("0s:1", "1s:1")]
    [TestCase("1s:65535c", "1s:0c")]
    [TestCase("24h:100M", "0s:1")]
    public void Stages_go_to_their_limits(string first, string second) =>
        Assert.That(Read(Url, "--stage", first, "--stage", second), Is.Not.Null);

    [TestCase(
        "--pipeline 2 and -H 'Connection: close' exclude each other.",
        "--pipeline", "2", "-H", "Connection: close")]
    [TestCase("-p 2 and -k off exclude each other.", "-p", "2", "-k", "off")]
    [TestCase(
        "-k on and --header 'Connection: close' exclude each other.",
        "-k", "on", "--header", "Connection: close")]
    [TestCase(
        "--keepalive off and -H 'Connection: keep-alive' exclude each other.",
        "--keepalive", "off", "-H", "Connection: Keep-Alive")]
    [TestCase(
        "--requests-per-conn 2 and -k off exclude each other.",
        "--requests-per-conn", "2", "-k", "off")]
    [TestCase(
        "--requests-per-conn 2 and -H 'Connection: close' exclude each other.",
        "--requests-per-conn", "2", "-H", "Connection: close")]
    [TestCase(
        "-p 3 and --requests-per-conn 2 contradict each other: a connection must have room for a "
            + "full pipeline.",
        "-p", "3", "--requests-per-conn", "2")]
    public void A_connection_is_kept_or_not(string sentence, params string[] words) =>
        Assert.That(Refuse([Url, .. words]), Is.EqualTo(sentence));

    [TestCase("-p", "1", "-k", "off")]
    [TestCase("--requests-per-conn", "1", "-k", "off")]
    [TestCase("-p", "2", "--requests-per-conn", "2")]
    [TestCase("-k", "off", "-H", "Connection: close")]
    public void What_says_the_same_twice_is_no_contradiction(params string[] words) =>
        Assert.That(Read([Url, .. words]), Is.Not.Null);

    [TestCase(
        "-c 1 and -t 2 contradict each other: each thread needs a connection.",
        "-c", "1", "-t", "2")]
    [TestCase(
        "-c 3 and -n 2 contradict each other: each connection sends at least one request.",
        "-c", "3", "-n", "2")]
    [TestCase(
        "-t 3 and -n 2 contradict each other: each thread sends at least one request.",
        "-t", "3", "-n", "2")]
    public void There_is_work_for_everyone(string sentence, params string[] words) =>
        Assert.That(Refuse([Url, .. words]), Is.EqualTo(sentence));

    [TestCase("-c", "2", "-t", "2")]
    [TestCase("-c", "2", "-n", "2")]
    [TestCase("-c", "3", "-n", "2", "-R", "1")]
    public void And_at_the_limit_that_is_enough(params string[] words) =>
        Assert.That(Read([Url, .. words]), Is.Not.Null);

    [TestCase(
        "-X TRACE and -b exclude each other: TRACE has no body (RFC 9110 9.3.8).",
        "-X", "TRACE", "-b", "x")]
    [TestCase(
        "-m HEAD and --expect-body exclude each other: a response to HEAD has no body.",
        "-m", "HEAD", "--expect-body", "contains:x")]
    [TestCase(
        "--server-pid 1 and --server-unit x exclude each other: name the server once.",
        "--server-unit", "x", "--server-pid", "1")]
    [TestCase(
        "--percentiles and --format wrk exclude each other: the percentiles of this format are "
            + "fixed.",
        "--percentiles", "50", "--format", "wrk")]
    [TestCase(
        "-U and --format wrk exclude each other: wrk has no uncorrected distribution; use "
            + "--format wrk2.",
        "-U", "-R", "5", "--format", "wrk")]
    [TestCase(
        "-L and --format quiet exclude each other: nothing is printed.",
        "-L", "--format", "quiet")]
    [TestCase(
        "--no-inline is only for --driver sockets: epoll has no completions on the thread pool.",
        "--no-inline", "--driver", "epoll")]
    public void An_option_without_an_effect_is_refused(string sentence, params string[] words) =>
        Assert.That(Refuse([Url, .. words]), Is.EqualTo(sentence));

    [TestCase("-o must be json=FILE, hgrm=FILE or hlog=FILE, not 'x'.", "-o", "x")]
    [TestCase("-o must be json=FILE, hgrm=FILE or hlog=FILE, not 'json='.", "-o", "json=")]
    [TestCase("--out must be json=FILE, hgrm=FILE or hlog=FILE, not 'csv=a'.", "--out", "csv=a")]
    [TestCase(
        "-o must name a file, not 'json=-'; --format json prints on standard output.",
        "-o", "json=-")]
    [TestCase(
        "-o must not name 'a' twice: the second would replace the first.",
        "-o", "json=a", "-o", "hgrm=a")]
    [TestCase("--tag must be NAME=VALUE without blanks and commas, not 'a'.", "--tag", "a")]
    [TestCase("--tag must be NAME=VALUE without blanks and commas, not '=a'.", "--tag", "=a")]
    [TestCase("--tag must be NAME=VALUE without blanks and commas, not 'a=b c'.", "--tag", "a=b c")]
    [TestCase("--tag must be NAME=VALUE without blanks and commas, not 'a=b,c'.", "--tag", "a=b,c")]
    public void Files_and_tags_have_a_form(string sentence, params string[] words) =>
        Assert.That(Refuse([Url, .. words]), Is.EqualTo(sentence));

    [Test]
    public void A_threshold_is_read_by_its_grammar() => Assert.That(
        Refuse(Url, "--threshold", "http_req_duration:p(99)~1"),
        Does.StartWith("--threshold").And.Contain("operator"));
}
