return await TradeApi.Commands.CommandLine.Run(args);
