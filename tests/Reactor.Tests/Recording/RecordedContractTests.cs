using Reactor.Drivers;
using Reactor.Recording;
using Reactor.Testing;
using Reactor.Tests.Drivers;

namespace Reactor.Tests.Recording;

/// <summary>The contract of drivers, kept by a recording around each real driver.</summary>
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
public sealed class RecordedContractTests(string name) : DriverContractTests
{
    private readonly List<string> _paths = [];

    protected override bool CanWatch => name == "epoll";

    [OneTimeTearDown]
    public void DeleteFiles() => _paths.ForEach(File.Delete);

    protected override LoopDriver CreateDriver()
    {
        string path = Path.Combine(
            TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.reactor");
        _paths.Add(path);
        return new LoopRecording(
            LoopDrivers.Create(name), new LoopRecordingOptions { Path = path });
    }
}
