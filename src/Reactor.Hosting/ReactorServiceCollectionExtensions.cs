using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Reactor.Http;

namespace Reactor.Hosting;

/// <summary>Adds HTTP servers to the services of a Generic Host.</summary>
public static class ReactorServiceCollectionExtensions
{
    /// <summary>
    /// Adds a server, which starts and ends with the host. Call it again, with another name, for
    /// another server.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="build">
    /// Adds routes, middleware and hooks. Called at the start of the host, once for each loop, on
    /// its thread, with the host's services; those of a request are in
    /// <see cref="RequestServices.GetServices"/>.
    /// </param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <param name="name">
    /// The name of the options, for <c>services.Configure(name, …)</c>; null for the default.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A server of that name was added before: the two would have the same options and addresses.
    /// </exception>
    public static IServiceCollection AddReactorServer(
        this IServiceCollection services,
        Action<Application, IServiceProvider> build,
        Action<ReactorServerOptions>? configure = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(build);
        name ??= Options.DefaultName;
        var server = new Server(name);
        if (services.Any(one => !one.IsKeyedService && server.Equals(one.ImplementationInstance)))
        {
            throw new ArgumentException(
                $"A server with the name '{name}' was added before: give each a name of its own, "
                + "which is that of its options too.",
                nameof(name));
        }

        services.AddSingleton(server);
        OptionsBuilder<ReactorServerOptions> options =
            services.AddOptions<ReactorServerOptions>(name).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<
            IValidateOptions<ReactorServerOptions>, ReactorServerValidation>());

        // Not AddHostedService, which adds one of a type only.
        return services.AddSingleton<IHostedService>(
            provider => new ReactorHostedService(provider, build, name));
    }

    /// <summary>A service that marks the name of a server as taken.</summary>
    private sealed record Server(string Name);
}
