using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Reactor.Http;

namespace Reactor.Hosting;

/// <summary>Adds HTTP servers to the services of a Generic Host.</summary>
public static class ReactorServiceCollectionExtensions
{
    /// <summary>
    /// Adds a server, which starts and ends with the host. It may be called again, with another
    /// name, for another server.
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
    public static IServiceCollection AddReactorServer(
        this IServiceCollection services,
        Action<Application, IServiceProvider> build,
        Action<ReactorServerOptions>? configure = null,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(build);
        name ??= Options.DefaultName;
        OptionsBuilder<ReactorServerOptions> options =
            services.AddOptions<ReactorServerOptions>(name).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (!services.Any(one => one.ImplementationType == typeof(ReactorServerValidation)))
        {
            services.AddSingleton<IValidateOptions<ReactorServerOptions>,
                ReactorServerValidation>();
        }

        // Not AddHostedService, which adds one of a type only.
        return services.AddSingleton<IHostedService>(
            provider => new ReactorHostedService(provider, build, name));
    }
}
