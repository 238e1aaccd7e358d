// Options from configuration and code, their names, and what is said of mistakes.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reactor.Hosting;
using Reactor.Simulation;
using Reactor.Testing;

namespace Hosting.Tests;

[TestFixture]
public sealed class HostOptionsTests
{
    [Test]
    public async Task Options_are_bound_from_a_file_of_settings_and_code_changes_them()
    {
        Skip.Unless(OperatingSystem.IsLinux(), "several loops need Linux");
        var folder = Directory.CreateTempSubdirectory("hosting-");
        File.WriteAllText(Path.Combine(folder.FullName, "appsettings.json"), """
            {
              "Web": {
                "Urls": ["http://127.0.0.1:0", "http://[::1]:0"],
                "Loops": 2,
                "Driver": "epoll",
                "DevMode": true
              }
            }
            """);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            ContentRootPath = folder.FullName,
            EnvironmentName = "Production",
            Args = [],
        });
        builder.Logging.ClearProviders();
        builder.Services.AddReactorServer((_, _) => { }, name: "web");
        builder.Services.Configure<ReactorServerOptions>(
            "web", builder.Configuration.GetSection("Web"));
        builder.Services.Configure<ReactorServerOptions>(
            "web", options => options.Urls.RemoveAt(1));
        IHost host = builder.Build();
        ReactorServerOptions options =
            host.Services.GetRequiredService<IOptionsMonitor<ReactorServerOptions>>().Get("web");

        Assert.That(options.Urls, Is.EqualTo(new[] { "http://127.0.0.1:0" }));
        Assert.That((options.Loops, options.Driver, options.DevMode),
            Is.EqualTo((2, "epoll", (bool?)true)));
        await host.StartAsync().Soon();
        await host.StopAsync().Soon();
        host.Dispose();
        folder.Delete(recursive: true); // not before: the host watches it
    }

    [TestCase(null)]
    [TestCase("admin")]
    public void Two_servers_of_one_name_are_refused(string? name)
    {
        var services = new ServiceCollection();
        services.AddKeyedSingleton("key", new object());
        services.AddReactorServer((_, _) => { }, name: name);
        services.AddReactorServer((_, _) => { }, name: "other");

        Assert.That(
            () => services.AddReactorServer((_, _) => { }, name: name),
            Throws.ArgumentException.With.Message.StartsWith(
                $"A server with the name '{name}' was added before"));
    }

    [Test]
    public async Task Mistakes_beside_the_text_of_options_are_named_together_too()
    {
        Skip.Unless(OperatingSystem.IsLinux(), "several loops need Linux");
        using var driver = new InMemoryDriver();
        using IHost host = new HostedServer((_, _) => { }, configure: options =>
        {
            options.Urls.Add("http://127.0.0.1:0"); // another free port
            options.Urls.Add("http://127.0.0.1:8000");
            options.Urls.Add("http://127.0.0.1:8000/");
            options.Loops = 3;
            options.ChangeLoop(loop => loop with { Driver = driver });
            options.ChangeListening(listening => listening with { ConnectionsMax = 2 });
            options.ChangeServer(server => server with
            {
                Limits = new() { BodyBufferBytesMax = 128 * 1024 },
            });
        }).Host;

        OptionsValidationException? error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync());
        Assert.That(error!.Failures, Is.EqualTo(new[]
        {
            "Urls: http://127.0.0.1:8000 must be there only once.",
            "The driver of the loop's options must be null, because each loop needs its own: set "
                + "Driver to a name.",
            "BodyBufferBytesMax is 131072 for a group of 3: each loop needs at least 65536, all "
                + "together 196608.",
            "ConnectionsMax is 2 for a group of 3: each loop needs at least 1, all together 3.",
        }));
    }

    [Test]
    public void Changes_of_options_build_on_each_other()
    {
        var services = new ServiceCollection();
        services.AddReactorServer((_, _) => { }, Limit);
        services.Configure<ReactorServerOptions>(options => options.ChangeListening(listening =>
        {
            Assert.That(listening.ConnectionsMax, Is.EqualTo(7));
            return listening;
        }));
        ReactorServerOptions options = services.BuildServiceProvider()
            .GetRequiredService<IOptions<ReactorServerOptions>>().Value;

        Assert.Throws<ArgumentException>(() => options.ChangeListening(_ => null!));

        static void Limit(ReactorServerOptions options) =>
            options.ChangeListening(listening => listening with { ConnectionsMax = 7 });
    }
}
