using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>
/// The server's cost, from trees of files as the kernel shows them and from this process. The
/// formats are those of proc(5) and cgroup-v2.rst.
/// </summary>
public class ServerCostTests
{
    private string _root = "";

    [SetUp]
    public void MakeRoot() => _root = Directory.CreateTempSubdirectory("server-cost").FullName;

    [TearDown]
    public void DeleteRoot() => Directory.Delete(_root, recursive: true);

    [Test]
    public void The_time_is_that_of_the_scheduler_and_the_split_that_of_the_ticks()
    {
        WriteProcess(4711, user: 100, system: 100);
        WriteThread(4711, 4711, run: 2_000_000_000, wait: 5_000_000, voluntary: 10, involuntary: 2);
        var reader = ServerCostReader.ForProcess(4711, _root);
        reader.Begin();
        // 20 ms more on a core, of which stat says one tick for the user and three for the system;
        // a second thread was born and ran 12 ms.
        WriteProcess(4711, user: 101, system: 103, residentKb: 41 * 1024);
        WriteThread(4711, 4711, run: 2_020_000_000, wait: 6_000_000, voluntary: 15, involuntary: 3);
        WriteThread(4711, 4712, run: 12_000_000, wait: 500_000, voluntary: 1, involuntary: 0);
        reader.End();

        ServerCost cost = reader.Cost!;
        Assert.That(reader.Error, Is.Null);
        Assert.That(cost.Source, Is.EqualTo("pid 4711"));
        Assert.That(cost.UserTime, Is.EqualTo(TimeSpan.FromMilliseconds(8)));
        Assert.That(cost.SystemTime, Is.EqualTo(TimeSpan.FromMilliseconds(24)));
        Assert.That(cost.RunQueueWait, Is.EqualTo(TimeSpan.FromMilliseconds(1.5)));
        Assert.That(cost.VoluntarySwitches, Is.EqualTo(6));
        Assert.That(cost.InvoluntarySwitches, Is.EqualTo(1));
        Assert.That(cost.ResidentBytesMax, Is.EqualTo(41 << 20));
    }

    // A thread that ran 50 ms in the window and ended is only in stat: 5 ticks against nothing.
    [TestCase(2, 0)] // two ticks are the grain of stat
    [TestCase(3, 30)]
    public void Ended_threads_count_by_ticks(int ticks, int milliseconds)
    {
        WriteProcess(4711, user: 100, system: 0);
        WriteThread(4711, 4711, run: 1_000_000_000);
        var reader = ServerCostReader.ForProcess(4711, _root);
        reader.Begin();
        WriteProcess(4711, user: 100 + ticks, system: 0);
        reader.End();

        Assert.That(
            reader.Cost!.UserTime + reader.Cost.SystemTime,
            Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Test]
    public void Children_count_at_any_depth()
    {
        WriteProcess(10, user: 0, system: 0);
        WriteThread(10, 10, run: 0);
        WriteProcess(11, user: 0, system: 0, parent: 10, name: "worker (1) x");
        WriteThread(11, 11, run: 1_000_000);
        WriteProcess(12, user: 0, system: 0, parent: 11);
        WriteThread(12, 12, run: 1_000_000);
        WriteProcess(13, user: 0, system: 0, parent: 1);
        WriteThread(13, 13, run: 1_000_000);
        var reader = ServerCostReader.ForProcess(10, _root);
        reader.Begin();
        foreach (int pid in new[] { 11, 12, 13 })
        {
            WriteThread(pid, pid, run: 3_000_000);
        }

        reader.End();

        Assert.That(reader.Cost!.Source, Is.EqualTo("pid 10 and 2 children"));
        Assert.That(
            reader.Cost.UserTime + reader.Cost.SystemTime,
            Is.EqualTo(TimeSpan.FromMilliseconds(4)));
    }

    [Test]
    public void The_borders_of_the_window_read_only_what_the_check_found()
    {
        WriteProcess(10, user: 0, system: 0);
        WriteThread(10, 10, run: 1_000_000);
        WriteProcess(11, user: 0, system: 0, parent: 10);
        WriteThread(11, 11, run: 1_000_000);
        var reader = ServerCostReader.ForProcess(10, _root);
        Assert.That(reader.Check(), Is.Null);
        // A search would fail at the file of 98, and find the child 12.
        Write("proc/98/stat", "damaged");
        WriteProcess(12, user: 0, system: 0, parent: 10);
        WriteThread(12, 12, run: 1_000_000);
        reader.Begin();
        foreach (int pid in new[] { 10, 11, 12 })
        {
            WriteThread(pid, pid, run: 3_000_000);
        }

        reader.End();

        Assert.That(reader.Error, Is.Null);
        Assert.That(reader.Cost!.Source, Is.EqualTo("pid 10 and 1 children"));
        Assert.That(
            reader.Cost.UserTime + reader.Cost.SystemTime,
            Is.EqualTo(TimeSpan.FromMilliseconds(4)));
    }

    [Test]
    public void A_unit_is_searched_once()
    {
        Directory.CreateDirectory(PathOf("run/systemd/system"));
        const string stat = "sys/fs/cgroup/b/web.service/cpu.stat";
        Write(stat, "usage_usec 0\nuser_usec 0\nsystem_usec 0\n");
        var reader = ServerCostReader.ForUnit("web", _root);
        Assert.That(reader.Check(), Is.Null);
        // A second search would find this one, which is nearer.
        Write("sys/fs/cgroup/web.service/cpu.stat", "usage_usec 0\nuser_usec 0\nsystem_usec 0\n");
        reader.Begin();
        Write(stat, "usage_usec 9\nuser_usec 9\nsystem_usec 0\n");
        reader.End();

        Assert.That(reader.Cost!.UserTime, Is.EqualTo(TimeSpan.FromMicroseconds(9)));
    }

    [Test]
    public void A_kernel_without_schedstat_gives_ticks_and_no_wait()
    {
        WriteProcess(5, user: 0, system: 0);
        WriteThread(5, 5, run: 0);
        File.Delete(PathOf("proc/5/task/5/schedstat"));
        var reader = ServerCostReader.ForProcess(5, _root);
        reader.Begin();
        WriteProcess(5, user: 3, system: 1);
        reader.End();

        Assert.That(reader.Cost!.UserTime, Is.EqualTo(TimeSpan.FromMilliseconds(30)));
        Assert.That(reader.Cost.SystemTime, Is.EqualTo(TimeSpan.FromMilliseconds(10)));
        Assert.That(reader.Cost.RunQueueWait, Is.Null);
    }

    [Test]
    public void A_process_that_is_missing_ends_or_was_not_waited_for_is_a_sentence()
    {
        Assert.That(
            ServerCostReader.ForProcess(7, _root).Check(), Does.Contain("system has no /proc"));
        WriteProcess(7, user: 0, system: 0);
        WriteThread(7, 7, run: 0);
        Assert.That(
            ServerCostReader.ForProcess(8, _root).Check(), Is.EqualTo("pid 8 does not exist."));
        Assert.That(
            ServerCostReader.ForProcess(0, _root).Check(), Is.EqualTo("pid 0 does not exist."));
        var reader = ServerCostReader.ForProcess(7, _root);
        Assert.That(reader.Check(), Is.Null);
        WriteProcess(7, user: 0, system: 0, state: 'Z');
        reader.End();
        Assert.That(reader.Error, Does.StartWith("pid 7 ended"));
        reader.Begin();
        Assert.That(reader.Error, Does.StartWith("pid 7 ended"));
        WriteProcess(7, user: 0, system: 0);
        reader.Begin();
        Directory.Delete(PathOf("proc/7"), recursive: true);
        reader.End();
        Assert.That(reader.Error, Is.EqualTo("pid 7 ended during the run."));
        Assert.That(reader.Cost, Is.Null);
    }

    [TestCase("")]
    [TestCase("7 (x) S 1")]
    [TestCase("7 (x) S one 2 3 4 5 6 7 8 9 10 11 12 13")]
    public void A_file_in_another_format_is_a_sentence(string stat)
    {
        WriteProcess(7, user: 0, system: 0);
        WriteThread(7, 7, run: 0);
        Write("proc/7/stat", stat);

        Assert.That(
            ServerCostReader.ForProcess(7, _root).Check(),
            Does.StartWith("pid 7 could not be read"));
    }

    [TestCase("system.slice/web.service")]
    [TestCase("/system.slice/web.service/")]
    [TestCase("/sys/fs/cgroup/system.slice/web.service")]
    public void A_cgroup_of_version_2(string name)
    {
        const string stat = "sys/fs/cgroup/system.slice/web.service/cpu.stat";
        Write(stat, "usage_usec 1000\nuser_usec 600\nsystem_usec 400\nnr_periods 0\n");
        var reader = ServerCostReader.ForCgroup(name, _root);
        reader.Begin();
        Write(stat, "usage_usec 5000\nuser_usec 1600\nsystem_usec 3400\nnr_periods 0\n");
        reader.End();

        Assert.That(reader.Cost!.Source, Is.EqualTo("cgroup " + name));
        Assert.That(reader.Cost.UserTime, Is.EqualTo(TimeSpan.FromMicroseconds(1000)));
        Assert.That(reader.Cost.SystemTime, Is.EqualTo(TimeSpan.FromMicroseconds(3000)));
    }

    [Test]
    public void A_cgroup_of_version_1()
    {
        // The cpu controller of version 1 has a cpu.stat too, without times.
        Write("sys/fs/cgroup/unified/web/cpu.stat", "nr_periods 0\n");
        Write("sys/fs/cgroup/cpuacct/web/cpuacct.usage", "1000000\n");
        Write("sys/fs/cgroup/cpuacct/web/cpuacct.stat", "user 1\nsystem 1\n");
        var reader = ServerCostReader.ForCgroup("web", _root);
        reader.Begin();
        Write("sys/fs/cgroup/cpuacct/web/cpuacct.usage", "41000000\n");
        Write("sys/fs/cgroup/cpuacct/web/cpuacct.stat", "user 2\nsystem 4\n");
        reader.End();

        Assert.That(reader.Error, Is.Null);
        Assert.That(reader.Cost!.UserTime, Is.EqualTo(TimeSpan.FromMilliseconds(10)));
        Assert.That(reader.Cost.SystemTime, Is.EqualTo(TimeSpan.FromMilliseconds(30)));
    }

    [Test]
    public void A_unit_is_the_nearest_cgroup_of_its_name()
    {
        Directory.CreateDirectory(PathOf("run/systemd/system"));
        const string usage = "usage_usec 0\nuser_usec 0\nsystem_usec 0\n";
        const string stat = "sys/fs/cgroup/system.slice/web.service/cpu.stat";
        Write("sys/fs/cgroup/a/user@1.service/app.slice/web.service/cpu.stat", usage);
        Write(stat, usage);
        var reader = ServerCostReader.ForUnit("web", _root);
        reader.Begin();
        Write(stat, "usage_usec 7\nuser_usec 7\nsystem_usec 0\n");
        reader.End();

        Assert.That(reader.Cost!.Source, Is.EqualTo("unit web.service"));
        Assert.That(reader.Cost.UserTime, Is.EqualTo(TimeSpan.FromMicroseconds(7)));
    }

    [Test]
    public void A_cgroup_or_unit_that_is_missing_is_a_sentence()
    {
        Assert.That(
            ServerCostReader.ForUnit("web", _root).Check(),
            Is.EqualTo(
                "systemd does not run on this system; use --server-pid or --server-cgroup."));
        Directory.CreateDirectory(PathOf("run/systemd/system"));
        Assert.That(
            ServerCostReader.ForUnit("web", _root).Check(),
            Does.StartWith("the unit web.service has no cgroup with CPU counters"));
        Assert.That(
            ServerCostReader.ForCgroup("web", _root).Check(),
            Does.StartWith("the cgroup web does not exist below /sys/fs/cgroup"));
    }

    [Test]
    [Platform("Linux")]
    public void The_cost_of_this_process_is_about_the_time_that_it_worked()
    {
        var reader = ServerCostReader.ForProcess(Environment.ProcessId);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        reader.Begin();
        while (Environment.CpuUsage.TotalTime - before < TimeSpan.FromMilliseconds(100))
        {
            // Work until the runtime, which asks the kernel in another way, sees 100 ms.
        }

        reader.End();
        TimeSpan used = Environment.CpuUsage.TotalTime - before;

        Assert.That(reader.Error, Is.Null);
        TimeSpan total = reader.Cost!.UserTime + reader.Cost.SystemTime;
        Assert.That(total.TotalMilliseconds, Is.InRange(70, used.TotalMilliseconds + 20));
        Assert.That(reader.Cost.ResidentBytesMax, Is.GreaterThan(10 << 20));
    }

    [Test]
    public void The_client_s_health_is_the_difference_of_two_instants()
    {
        var reader = new ClientHealthReader();
        reader.Begin();
        long[] garbage = new long[100_000];
        GC.Collect();
        GC.KeepAlive(garbage);
        ClientHealth health = reader.End(TimeSpan.Zero);

        Assert.That(health.Collections, Is.GreaterThanOrEqualTo(1));
        Assert.That(health.PauseTime, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(health.AllocatedBytes, Is.GreaterThanOrEqualTo(800_000));
        Assert.That(health.CpuTime, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(
            reader.End(TimeSpan.FromHours(1)).CpuTime, Is.EqualTo(TimeSpan.Zero), "never negative");
    }

    private string PathOf(string path) => Path.Combine(_root, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    // The fields 1 to 15 of stat are pid, name, state, parent, …, utime, stime.
    private void WriteProcess(
        int pid,
        int user,
        int system,
        int parent = 1,
        string name = "server",
        int residentKb = 0,
        char state = 'S')
    {
        Write(
            $"proc/{pid}/stat",
            $"{pid} ({name}) {state} {parent} 5 6 7 8 9 10 11 12 13 {user} {system} 16 17 18\n");
        Write($"proc/{pid}/status", $"Name:\t{name}\nVmHWM:\t   {residentKb} kB\n");
    }

    private void WriteThread(
        int pid, int thread, long run, long wait = 0, int voluntary = 0, int involuntary = 0)
    {
        Write($"proc/{pid}/task/{thread}/schedstat", $"{run} {wait} 99\n");
        Write(
            $"proc/{pid}/task/{thread}/status",
            $"voluntary_ctxt_switches:\t{voluntary}\n" +
            $"nonvoluntary_ctxt_switches:\t{involuntary}\n");
    }
}
